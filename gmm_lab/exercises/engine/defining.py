"""Is the function that is to be checked the one that the reader has just written? The notebook's history tells."""

import ast
import inspect
import re
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import CodeType

from gmm_lab.exercises.engine.trouble import Trouble, brief

ASSIGNED = "assigned"  # the name was given to something that was there already


def require_current(function: Callable) -> None:
    """Raise Trouble where a newer text of `function` did not get as far, so that an older one is left.

    That is so where its newest cell did not run, or where the file from which it was imported was written anew. What
    was edited in a notebook and not run at all can't be seen from here.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    name = getattr(function, "__name__", "")
    if shell is None or shell.user_ns.get(name) is not function:
        return
    _require_file_as_it_was(function)
    try:
        judged = _said_of(name, inspect.getsource(function))
    except (OSError, TypeError):
        return
    said = [found for cell in shell.history_manager.input_hist_parsed if (found := _said_of(name, cell))]
    if {judged, ASSIGNED} & set(said) and said[-1] not in (judged, ASSIGNED):
        raise Trouble("cell did not run", name=name, how_far=_how_far(said[-1]))


def _require_file_as_it_was(function):
    code = getattr(function, "__code__", None)
    path = Path(code.co_filename) if code else Path()
    if not path.is_file():
        return
    try:
        newest = compile(path.read_bytes(), path, "exec", dont_inherit=True)
    except SyntaxError:
        newest = None
    if newest is None or _bare(code) not in _codes_in(_bare(newest)):
        raise Trouble("file has changed", file=path.name, module=function.__module__, name=function.__name__)


def _bare(code):
    """Return code that knows neither its file nor the lines in which it stands there."""
    parts = tuple(_bare(part) if isinstance(part, CodeType) else part for part in code.co_consts)
    return code.replace(co_filename="", co_firstlineno=1, co_consts=parts)


def _codes_in(code):
    parts = [part for part in code.co_consts if isinstance(part, CodeType)]
    return parts + [inner for part in parts for inner in _codes_in(part)]


def _how_far(newest):
    if isinstance(newest, SyntaxError):
        return f": its line {newest.lineno}, `{brief(newest.text or '', 100)}`, is not Python ({newest.msg})"
    return " as far as that"


def _said_of(name, text):
    """Return what a text makes of a function: its definition without comments and layout, ASSIGNED, or a SyntaxError.

    None where it does not name it, or only uses it.
    """
    if not re.search(rf"\b{re.escape(name)}\b", text):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the cell itself has warned when it was run
            nodes = ast.parse(text).body
    except SyntaxError as error:
        return error if re.search(rf"^\s*def\s+{re.escape(name)}\b", text, re.MULTILINE) else None
    return next(filter(None, (_made_by(node, name) for node in reversed(nodes))), None)


def _made_by(node, name):
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return ast.dump(node) if node.name == name else None
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    names |= {part.asname or part.name for part in ast.walk(node) if isinstance(part, ast.alias)}
    return ASSIGNED if name in names else None
