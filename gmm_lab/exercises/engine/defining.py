"""Is the function that is to be checked the one that the reader has just written? A notebook's history tells."""

import ast
import inspect
import re
import sys
import warnings

from gmm_lab.exercises.engine.trouble import Trouble

ASSIGNED = "assigned"  # the name was given to something that was there already


def require_current(function):
    """Raise Trouble where the newest cell that defines `function` did not get as far, so that an older one is left.

    What was edited and not run at all can't be seen from here.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    name = getattr(function, "__name__", "")
    if shell is None or shell.user_ns.get(name) is not function or function.__module__ != "__main__":
        return
    try:
        judged = _said_of(name, inspect.getsource(function))
    except (OSError, TypeError):
        return
    said = [found for cell in shell.history_manager.input_hist_parsed if (found := _said_of(name, cell))]
    if judged in said and said[-1] not in (judged, ASSIGNED):
        raise Trouble(
            "cell did not run",
            f"The newest cell that defines `{name}` did not run{_how_far(said[-1])}. What is there to be checked is"
            " your function from before, and that was not looked at.",
            "Mend that cell and run it, then run this one again.",
        )


def _how_far(newest):
    if isinstance(newest, SyntaxError):
        return f": its line {newest.lineno}, `{(newest.text or '').strip()}`, is not Python ({newest.msg})"
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
    stored = (part for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
    return ASSIGNED if any(part.id == name for part in stored) else None
