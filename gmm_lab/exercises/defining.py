"""Is the function that is to be checked the one that the reader has just written? A notebook's history tells."""

import ast
import inspect
import re
import sys

from gmm_lab.exercises.trouble import Trouble


def require_current(function):
    """Raise Trouble where the newest cell that defines `function` did not get as far, so that an older one is left.

    What was edited and not run at all can't be seen from here.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    name = getattr(function, "__name__", "")
    if shell is None or shell.user_ns.get(name) is not function:
        return
    binding = re.compile(rf"^(def {re.escape(name)}\(|{re.escape(name)} *=)", re.MULTILINE)
    cells = [cell for cell in shell.history_manager.input_hist_parsed if binding.search(cell)]
    try:
        judged = _definitions(inspect.getsource(function), name)[-1:]
    except (OSError, TypeError, SyntaxError):
        return
    older = [cell for cell in cells if judged == _definitions_or_none(cell, name)]
    if not older or older[-1] == cells[-1]:
        return
    why = _why(cells[-1], name)
    if why:
        raise Trouble(
            "cell did not run",
            f"The newest cell that defines `{name}` did not run{why}. What is there to be checked is your function from"
            " before, and that was not looked at.",
            "Mend that cell and run it, then run this one again.",
        )


def _why(cell, name):
    """Return why a cell did not define the function; nothing where it does not try to, but assigns it."""
    try:
        return " as far as that" if _definitions(cell, name) else ""
    except SyntaxError as error:
        return f": its line {error.lineno}, `{(error.text or '').strip()}`, is not Python ({error.msg})"


def _definitions_or_none(cell, name):
    try:
        return _definitions(cell, name)[-1:]
    except SyntaxError:
        return None


def _definitions(text, name):
    """Return what a text says of each function of that name, comments and layout left out."""
    return [ast.dump(node) for node in ast.parse(text).body if getattr(node, "name", "") == name]
