"""A reader's own functions in one file, mine.py: written there when they are right, and read by later lessons.

The file is plain Python, in the folder of the notebook. Each function stands in a block of its own, with all that it
uses of the notebook in which it was written, so that it runs alone.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path

from gmm_lab import exercises
from gmm_lab.exercises.engine.verdict import NOT_ATTEMPTED, RIGHT, WRONG, Verdict
from gmm_lab.files import write_whole

FILE = Path("mine.py")
MODULE = "mine"  # where functions that were read from the file say that they come from
HEAD = '"""My own steps of EM: each was right when a lesson wrote it here."""\n'


def keep(function: Callable) -> Verdict:
    """Write a function that its check finds right into mine.py, with what it uses of the notebook, and say so.

    One that is not right leaves the file as it is.
    """
    name = getattr(function, "__name__", "")
    if name not in _checks() or not _checks()[name](function):
        return Verdict(NOT_ATTEMPTED, (f"Nothing was kept: `{name}` is not right yet, says its check.",))
    try:
        lines, functions = _parts(function)
        text = _with_block(FILE.read_text(encoding="utf-8") if FILE.exists() else HEAD, name, lines, functions)
        if trouble := _trouble(text):
            return Verdict(WRONG, (f"Nothing was kept: in {FILE}, without the rest of this notebook, {trouble}",))
        write_whole(FILE, text.encode())
    except OSError as error:  # of a source that is not to be had as well
        return Verdict(WRONG, (f"{FILE} was not written ({error.strerror or error}).",))
    helpers = ", ".join(f"`{helper}`" for helper in functions if helper != name)
    return Verdict(RIGHT, (f"Kept in {FILE}: `{name}`{helpers and f', with {helpers}'}.",))


def kept(name: str, or_else: Callable) -> Callable:
    """Return the function of this name from mine.py, if all that is there is right, and otherwise `or_else`."""
    if not FILE.exists():
        return or_else
    text = FILE.read_text(encoding="utf-8")
    if trouble := _trouble(text):
        print(f"{FILE} is left out: {trouble}")
        return or_else
    return _run(text).get(name, or_else)


def _checks():
    """Return the check of each function, by the name of the function."""
    return {exercise.function_name: exercise for exercise in vars(exercises.check).values()}


def _parts(function):
    """Return what makes a function run elsewhere: lines, such as imports, and name -> source of functions, it last."""
    lines, functions, waiting = set(), {}, [function]
    while waiting:
        part = waiting.pop()
        functions[part.__name__] = textwrap.dedent(inspect.getsource(part)).strip()
        names = {node.id for node in ast.walk(ast.parse(functions[part.__name__])) if isinstance(node, ast.Name)}
        for name in sorted(names & part.__globals__.keys()):
            value = part.__globals__[name]
            if not inspect.isfunction(value) or value.__module__ not in ("__main__", MODULE):
                lines.add(_line(name, value))
            elif value.__name__ not in functions:
                waiting.append(value)
    return sorted(lines - {""}), dict(reversed(functions.items()))


def _line(name, value):
    """Return the line that makes a name mean the same elsewhere; nothing where there is none."""
    renamed = f" as {name}"
    if inspect.ismodule(value):
        return f"import {value.__name__}{renamed if name != value.__name__ else ''}"
    if isinstance(value, bool | int | float | str):
        return f"{name} = {value!r}"
    module, own = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if not isinstance(module, str) or own is None or module == "__main__":
        return ""
    return f"from {module} import {own}{renamed if name != own else ''}"


def _with_block(text, name, lines, functions):
    """Return the text of the file with this block in place of an earlier one, or at its end."""
    first, last = f"# {name}, with all that it needs\n", f"# end of {name}\n"
    block = "\n\n\n".join(["\n".join(lines), *functions.values()]).strip()
    before, found, rest = text.partition(first)
    after = rest.partition(last)[2] if found else ""
    return f"{before.rstrip()}\n\n\n{first}{block}\n{last}{after}"


def _run(text):
    """Return what the file defines."""
    defined = {"__name__": MODULE}
    exec(compile(text, str(FILE.resolve()), "exec"), defined)
    return defined


def _trouble(text):
    """Return a sentence on what is not right in the file; nothing where all is."""
    try:
        defined = _run(text)
    except Exception as error:
        return f"it stops with {type(error).__name__}: {error}."
    for name, check in _checks().items():
        if name in defined and not (verdict := check(defined[name])):
            return f"`{name}` is not right. {' '.join(verdict.told)}"
    return ""
