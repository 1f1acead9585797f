"""Running a learner's function: for a bounded time, on copies, quietly; whatever happens, there is a kind answer."""

import contextlib
import copy
import io
import threading
import warnings

import numpy as np

from gmm_lab.exercises.engine.reading import alike
from gmm_lab.exercises.engine.stopping import TooLong, stopped_after
from gmm_lab.exercises.engine.trouble import TOO_LONG, Trouble, raised, unfinished
from gmm_lab.mixture import Mixture

SECONDS = 5  # of computing that one call may take; a right answer takes a fraction of one
PATIENCE = 60  # seconds by the clock, for what does not compute but wait


def call(function, arguments):
    """Return what `function` returns for copies of `arguments`; `...` where it is not finished.

    Raises Trouble where that does not go well.
    """
    given = copy.deepcopy(arguments)
    random_state = np.random.get_state()  # noqa: NPY002
    printed = io.StringIO()
    try:
        with _quietly(printed), stopped_after(SECONDS, PATIENCE):
            answer = function(*given)
    except Trouble:  # from an argument that watches over the answer
        raise
    except NotImplementedError:
        return ...
    except TooLong as end:
        raise _too_long(end.computed) from None
    except (Exception, SystemExit) as error:
        if unfinished(function, error):
            return ...
        raise raised(function, error) from None
    if answer is None:
        how = " It printed something, but nobody can compute with what is printed." if printed.getvalue() else ""
        raise Trouble(
            "returns nothing",
            f"Your function returned nothing, or None.{how}",
            "Does it end with `return`? And is what it returns ever set to something else than None?",
        )
    _check_traces(given, arguments, random_state)
    return answer


def _too_long(computed):
    if computed:
        return Trouble(
            TOO_LONG,
            f"Your function was still computing after {SECONDS:g} s, on a small example, and was stopped.",
            "Is there a loop that can't end? Print what its condition looks at, in every round.",
        )
    return Trouble(
        TOO_LONG,
        f"Your function had not answered after {PATIENCE:g} s, on a small example, and was stopped.",
        "It did not compute all that time: does it sleep, or wait for something?",
    )


def _check_traces(given, arguments, random_state):
    """Raise Trouble where a call has changed its arguments or NumPy's global random numbers."""
    for number, (after, before) in enumerate(zip(given, arguments, strict=True), 1):
        if isinstance(before, np.ndarray | Mixture | list) and not alike(after, before):
            raise Trouble(
                "changes its input",
                f"Your function changed what it was given: its argument {number} is not what it was before the call.",
                "The caller still needs it. Where a line says `a -= b`, `a /= b` or `a[...] = b`, make a new array:"
                " `a = a - b`.",
            )
    now = np.random.get_state()  # noqa: NPY002
    if now[2] != random_state[2] or not np.array_equal(now[1], random_state[1]):
        raise Trouble(
            "global state",
            "Your function used NumPy's global random numbers (`np.random...`), which anybody may have moved on.",
            "Draw from what you are given: `rng.standard_normal(...)`, `rng.uniform(...)`, `rng.choice(...)`.",
        )


@contextlib.contextmanager
def _quietly(printed):
    """Put warnings aside, and what is printed into `printed`; not off the main thread, as both are everybody's."""
    if threading.current_thread() is not threading.main_thread():
        with np.errstate(all="ignore"):
            yield
        return
    with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(printed):
        warnings.simplefilter("ignore")
        yield
