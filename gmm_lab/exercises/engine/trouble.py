"""Troubles: what keeps an answer from being compared, each with words for the learner."""

import inspect
import traceback

import numpy as np

from gmm_lab.mixture import Mixture

TOO_LONG = "too long"  # the trouble of what was stopped, and what would not end in the learner's hands either
LIKELY = {
    UnboundLocalError: "That name is not set on every way through the function. Print what decides over it.",
    NameError: "A name in that line is not known there. Is it spelt as where it was made, and was that cell run?",
    ZeroDivisionError: "Something in that line is divided by 0. Print the divisor to see which.",
    RecursionError: "The function calls itself without end. Call the function that you mean by its own name.",
    IndexError: "An index in that line is beyond the end, or is no whole number. Print it.",
    np.linalg.LinAlgError: "A matrix in that line can't be used so. Print it: are its variances where you expect them?",
    ValueError: "Print the shapes of what is in that line: `array.shape`.",
    TypeError: "Print what is in that line, and its type: `type(value)`.",
}


class Trouble(Exception):
    """What keeps an answer from being compared: a name for it, and paragraphs that tell the learner.

    refused : the parts of a mixture that `Mixture` would not accept, where that is what happened.
    """

    def __init__(self, name, *told, refused=None):
        super().__init__(" ".join(told))
        self.name, self.told, self.refused = name, told, refused


def require_function(function, check, signature, names):
    """Raise Trouble where `function` can't be called as `signature`, such as "my_e_step(a, b)", with these names."""
    name = signature.partition("(")[0]
    if not callable(function):
        raise Trouble(
            "not a function",
            f"`{check}` was given {_briefly(function)}, and a function was expected.",
            f"Give the function itself, without brackets behind its name: `{check}({name})`.",
        )
    try:
        inspect.signature(function).bind(*names)
    except TypeError as error:
        raise Trouble(
            "parameters",
            f"Your function will be called as `{signature}`, but it can't be: {error}.",
            f"Let its first line be `def {signature}:`.",
        ) from None
    except ValueError:  # some functions written in C don't tell
        pass


def unfinished(function, error):
    """Say whether there was still a `...` in the learner's function when the error arose."""
    code = getattr(function, "__code__", None)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__) if frame.f_code is code]
    return "ellipsis" in str(error) or any(value is ... for frame in frames for value in frame.f_locals.values())


def raised(function, error):
    """Return the Trouble that tells of an error inside the learner's function, and in which line."""
    code = getattr(function, "__code__", None)
    lines = [
        frame for frame in traceback.extract_tb(error.__traceback__) if code and frame.filename == code.co_filename
    ]
    where = f" in the line `{lines[-1].line}`" if lines and lines[-1].line else ""
    likely = next((text for kind, text in LIKELY.items() if isinstance(error, kind)), "Look at that line first.")
    if _told_by_the_package(error.__traceback__):
        likely = "The message says what was expected there, and what to try."
    refused = _refused(error.__traceback__)
    likely = "No mixture can be made of these parts: the message says why." if refused else likely
    stopped = f"Your function stopped{where} with {type(error).__name__}: {str(error).rstrip('.')}."
    return Trouble("raises", stopped, likely, refused=refused)


def _told_by_the_package(error_traceback):
    """Say whether an error is one that this package raises for its callers, with words of its own."""
    names = [frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error_traceback)]
    return names[-1].startswith("gmm_lab.") and not names[-1].startswith("gmm_lab.exercises")


def _refused(error_traceback):
    """Return the arrays that Mixture refused, from the traceback of its error, or None."""
    for frame, _ in traceback.walk_tb(error_traceback):
        mixture = frame.f_locals.get("self")
        if isinstance(mixture, Mixture) and "covariances" in vars(mixture):
            return {f"the {name}": np.array(vars(mixture)[f"{name}s"]) for name in ("weight", "mean", "covariance")}
    return None


def changing_answers():
    """Return the Trouble of a function that answers otherwise when asked again."""
    return Trouble(
        "remembers",
        "Called twice with the same arguments, your function gave two different answers.",
        "Does it keep something from one call to the next, or draw random numbers of its own? Let it make all that it"
        " needs itself, from its arguments.",
    )


def same_answers():
    """Return the Trouble of a function that answers the same whatever it is asked."""
    return Trouble(
        "ignores its arguments",
        "Your function gives the same answer whatever it is given.",
        "Does it use a variable of the notebook, or fixed numbers, in place of its arguments? Use the names in its"
        " first line.",
    )


def _briefly(value):
    text = " ".join(repr(value).split())
    return text if len(text) < 60 else f"{text[:56]} ..."
