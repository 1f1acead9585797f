"""Troubles: what keeps an answer from being compared, each with words for the learner."""

import dis
import inspect
import reprlib
import traceback
from collections.abc import Callable
from typing import Any

from gmm_lab.exercises.engine.words import LIKELY, NOTHING_LEFT, RAISES, UNFINISHED, WORDS
from gmm_lab.mixture import Mixture


class Trouble(Exception):
    """What keeps an answer from being compared: a name for it, and paragraphs that tell the learner.

    text : paragraphs, with blank lines between them; without it, those of WORDS, filled in with what was `seen`.
    parts : those of a mixture that `Mixture` would not accept, where that is what happened.
    """

    def __init__(self, name: str, text: str = "", /, parts: dict[str, Any] | None = None, **seen: object) -> None:
        text = text or WORDS[name].format(**seen)
        self.name, self.told, self.parts = name, [" ".join(part.split()) for part in text.split("\n\n")], parts
        super().__init__(" ".join(self.told))


def brief(value: object, length: int = 300) -> str:
    """Return what a value says of itself in one short line, of at most so many signs, that can stand in a sentence."""
    try:
        text = str(value)[: 5 * length]
    except Exception:
        text = f"something of type {type(value).__name__[:length]}"
    text = " ".join(text.split()).replace("`", "'")
    return text if len(text) <= length else f"{text[: length - 4]} ..."


def in_brief(error: BaseException) -> str:
    """Return the kind of an error, and its message if it has one, without a full stop."""
    return ": ".join(filter(None, (brief(type(error).__name__, 60), brief(error).rstrip("."))))


def require_function(given: tuple, exercise: Any) -> Callable:
    """Return the one thing that was given if it can be called as an exercise does. Raises Trouble."""
    function = given[0] if len(given) == 1 else given
    if not callable(function):
        seen = brief(reprlib.repr(function), 60) if given else "nothing"
        raise Trouble("not a function", check=f"check.{exercise.name}", function=exercise.function_name, given=seen)
    try:
        inspect.signature(function).bind(*exercise.arguments)
    except TypeError as error:
        raise Trouble("parameters", signature=exercise.signature, error=brief(error)) from None
    except ValueError:  # some functions written in C don't tell
        pass
    return function


def raised(function: Callable, error: BaseException) -> Trouble:
    """Return the Trouble that tells of an error inside the learner's function, and in which line."""
    code = getattr(function, "__code__", None)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    own = [frame for frame in frames if frame.f_code is code]
    if isinstance(error, NotImplementedError) and own[-1:] == frames[-1:] and _by_raise(error.__traceback__):
        return Trouble(UNFINISHED, "it raises NotImplementedError")
    if "ellipsis" in brief(error) or any(value is ... for frame in own for value in frame.f_locals.values()):
        return Trouble(UNFINISHED, "three dots are left")
    lines = [line for line in traceback.extract_tb(error.__traceback__) if code and line.filename == code.co_filename]
    where = f" in the line `{brief(lines[-1].line, 100)}`" if lines and lines[-1].line else ""
    likely = next(text for kind, text in LIKELY.items() if isinstance(error, kind))
    if isinstance(error, ValueError) and "empty" in brief(error):
        likely = NOTHING_LEFT
    modules = [frame.f_globals.get("__name__", "") for frame in frames]
    if modules[-1].startswith("gmm_lab.") and not modules[-1].startswith("gmm_lab.exercises"):
        likely = "The message says what was expected there, and what to try."
    parts = _refused(frames)
    if parts:
        likely = "No mixture can be made of these parts: the message says why."
    return Trouble(RAISES, parts=parts, where=where, error=in_brief(error), likely=likely)


def _by_raise(last):
    """Say whether an error comes from a `raise`, and not from a function in C."""
    while last.tb_next:
        last = last.tb_next
    return dis.opname[last.tb_frame.f_code.co_code[last.tb_lasti]] == "RAISE_VARARGS"


def _refused(frames):
    """Return the parts that Mixture refused, as they were given, from the frames of its error, or None."""
    for frame in frames:
        if frame.f_code is Mixture.__post_init__.__code__:
            refused = vars(frame.f_locals["self"])
            return {f"the {name}": refused[f"{name}s"] for name in ("weight", "mean", "covariance")}
    return None
