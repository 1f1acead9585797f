"""Predictions: a question, a choice that is kept, and what came of it."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
from IPython.display import display

from gmm_lab.exercises.engine.verdict import NOT_ATTEMPTED, RIGHT, WRONG, Verdict
from gmm_lab.explorers.naming import Names

CHOICE = "application/vnd.gmm-lab.choice+json"  # how a choice stands in an output, beside the words for people


@dataclass(frozen=True, repr=False)
class Kept:
    """What the reader has chosen, in words that a screen reader reads out when they change, and for programs."""

    choice: str | None

    def __repr__(self):
        return f"Kept: {self.choice}. Now run the cells below." if self.choice else "Nothing chosen yet."

    def _repr_html_(self):
        return f'<p class="gmm-kept" role="status">{html.escape(repr(self))}</p>'

    def _repr_mimebundle_(self, **_):
        return {CHOICE: {"choice": self.choice}} if self.choice else {}


def chosen_in(outputs: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the choice that is kept in the outputs of a notebook's cell; None where there is none."""
    return next((output["data"][CHOICE]["choice"] for output in outputs if CHOICE in output.get("data", {})), None)


class Prediction(widgets.VBox):
    """A row of buttons, of which the reader presses one before running the cell that gives the answer.

    In a notebook the choice stands below the buttons as an output of its own, so that it is saved with the page.
    """

    def __init__(self, choices):
        self.choices = choices
        self._buttons = widgets.ToggleButtons(options=choices, value=None, style={"button_width": "auto"})
        self._buttons.description = "I predict:"
        self._buttons.observe(self._keep, "value")
        self._shown = []
        super().__init__([self._buttons, Names()])
        self.add_class("gmm-prediction")

    def __repr__(self):
        return f"I predict: {' / '.join(self.choices)}"

    def _ipython_display_(self):
        if hasattr(self, "_repr_mimebundle_"):
            display(self._repr_mimebundle_(), raw=True)
        else:
            super()._ipython_display_()  # ipywidgets 7
        self._shown.append(display(Kept(self.choice), display_id=True))

    @property
    def choice(self) -> str | None:
        """What the reader has chosen; None until then."""
        return self._buttons.value

    def choose(self, choice: str) -> None:
        """Make a choice in code, as pressing its button does."""
        if choice not in self.choices:
            raise ValueError(f"choice is {choice!r}, but one of {', '.join(map(repr, self.choices))} was expected")
        self._buttons.value = choice

    def _keep(self, change):
        for shown in self._shown:
            shown.update(Kept(self.choice))

    def reveal(self, result: str, wrong: Mapping[str, str]) -> Verdict:
        """Return the reader's choice beside the result; for each wrong choice, `wrong` has a sentence on why."""
        if result not in self.choices or set(wrong) != set(self.choices) - {result}:
            raise ValueError(
                f"result is {result!r} and wrong has sentences for {', '.join(map(repr, wrong))}, but the choices are"
                f" {', '.join(map(repr, self.choices))}: give one of them, and a sentence for each of the others"
            )
        if self.choice is None:
            others = [f"{choice}: {sentence}" for choice, sentence in wrong.items()]
            return Verdict(NOT_ATTEMPTED, (f"The answer is: {result}. You have not chosen above.", *others))
        if self.choice == result:
            return Verdict(RIGHT, (f"You predicted: {self.choice}. So it is.",))
        return Verdict(WRONG, (f"You predicted: {self.choice}. The answer is: {result}.", wrong[self.choice]))


def predict(*choices: str) -> Prediction:
    """Return buttons for the reader's prediction; `reveal` shows it against the result.

    Raises ValueError for fewer than two different choices.
    """
    if len(set(choices)) < 2 or len(set(choices)) != len(choices) or not all(isinstance(text, str) for text in choices):
        raise ValueError(
            f'choices are {choices!r}, but at least two different texts were expected: try predict("up", "down")'
        )
    return Prediction(choices)
