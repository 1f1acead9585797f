"""Running a learner's function: on copies, quietly, and so that what it changes for everybody is put back."""

import contextlib
import copy
import io
import math
import random
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gmm_lab.algorithm import Step
from gmm_lab.exercises.engine.reading import alike
from gmm_lab.exercises.engine.stopping import TooLong
from gmm_lab.exercises.engine.trouble import Trouble, brief, raised
from gmm_lab.exercises.engine.words import UNFINISHED
from gmm_lab.mixture import Mixture

IN_A_PAGE = sys.platform == "emscripten"  # all takes several times as long, and others' computing counts too
SECONDS = 10 if IN_A_PAGE else 5  # of computing that a check may take; a right answer takes a fraction of that
PATIENCE = 10  # seconds that a check may wait, beside what computing takes on a busy machine
KEPT = 2000  # characters of what is printed
EVERYBODYS = (np, np.linalg, np.random, math)  # modules whose functions nobody should replace


class Printed(io.TextIOBase):
    """The end of what was printed, in place of a file; whoever closes it closes nothing."""

    text = ""

    def write(self, text: str) -> int:
        """Keep the end of a text, and say how long it was."""
        self.text = (self.text + text)[-KEPT:]
        return len(text)

    def told(self) -> list[str]:
        """Return a paragraph that shows the last lines, if there are any."""
        lines = [f"`{brief(line, 80)}`" for line in self.text.splitlines() if line.strip()]
        return ["\n".join(["The last that your function printed:", *lines[-3:]])] if lines else []


@contextlib.contextmanager
def quietly() -> Iterator[Printed]:
    """Put warnings and what is printed aside, and put back at the end what is everybody's; off the main thread, not."""
    printed = Printed()
    if threading.current_thread() is not threading.main_thread():
        with np.errstate(all="ignore"):
            yield printed
        return
    ours, theirs, limit = np.random.get_state(), random.getstate(), sys.getrecursionlimit()  # noqa: NPY002
    with (
        contextlib.chdir("."),
        np.printoptions(),
        np.errstate(all="ignore"),
        warnings.catch_warnings(action="ignore"),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(sys.stderr),
    ):
        try:
            yield printed
        finally:
            np.random.set_state(ours)  # noqa: NPY002
            random.setstate(theirs)
            sys.setrecursionlimit(limit)


def call(function: Callable, arguments: tuple) -> Any:
    """Return what `function` returns for copies of `arguments`. Raises Trouble where that does not go well."""
    given = copy.deepcopy(arguments)
    random_state = list(np.random.get_state()[1:3])  # noqa: NPY002
    names = [(module, dict(vars(module))) for module in EVERYBODYS]
    try:
        answer = function(*given)
    except (Trouble, TooLong, KeyboardInterrupt):  # Trouble: from an argument that watches over the answer
        raise
    except BaseException as error:
        raise raised(function, error) from None
    finally:
        replaced = [f"{module.__name__}.{name}" for module, before in names for name in _put_back(module, before)]
    if replaced:
        raise Trouble("replaces a function", name=replaced[0])
    if answer is ... or (isinstance(answer, tuple | list) and any(part is ... for part in answer)):
        raise Trouble(UNFINISHED, "three dots are left")
    if answer is None:
        raise Trouble("returns nothing")
    for number, (after, before) in enumerate(zip(given, arguments, strict=True), 1):
        if isinstance(before, np.ndarray | Mixture | Step | list) and not alike(after, before):
            raise Trouble("changes its input", number=number)
    if not alike(random_state, list(np.random.get_state()[1:3])):  # noqa: NPY002
        raise Trouble("global state")
    return answer


def _put_back(module, before):
    """Yield the names in a module that have another meaning than before, and give them the old one back."""
    for name, value in before.items():
        if vars(module).get(name) is not value:
            setattr(module, name, value)
            yield name
