"""Exercise: the loop of EM with a rule that stops it."""

import itertools
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

from gmm_lab.algorithm import Step, e_step, em, m_step
from gmm_lab.datasets import old_faithful
from gmm_lab.exercises.engine import Case, Exercise, Parts, Reader, Run, Trouble, reading
from gmm_lab.initialise import k_means_plus_plus
from gmm_lab.mixture import Mixture

LENGTH, VALUES, PLACES = "the number of steps", "the log-likelihood", "the mean of the mixture"
REST = 100  # iterations that a loop may go on, though nothing changes any more


class Script:
    """An E-step and an M-step that only play: mixture number i has the i-th log-likelihood of a script."""

    def __init__(self, values: Sequence[float]) -> None:
        self.values, self.last = values, 0

    def e_step(self, points: np.ndarray, mixture: Mixture) -> tuple[np.ndarray, float]:
        """Return responsibilities, all of them 1, and the log-likelihood that the script has for the mixture."""
        self.last = round(float(mixture.means[0, 0]))
        if self.last > len(self.values) + REST:
            raise exercise.trouble("never stops", number=self.last, rest=len(self.values) - 1)
        return np.ones((len(points), 1)), self.values[min(self.last, len(self.values) - 1)]

    def m_step(self, points: np.ndarray, responsibilities: np.ndarray) -> Mixture:
        """Return the mixture that bears the next number."""
        return _mixture(self.last + 1)


@cache
def _mixture(number):
    return Mixture([1.0], [[number, 0]], [np.eye(2)])


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield four scripts, and a real climb."""
    shift = round(float(rng.uniform(1, 5)), 2)
    below_0 = (-2900 - shift, -2899 - shift, -1400, -700, -310, -40, -0.2)
    past_0 = (*below_0, 0, 290, 480, 501, 501.03, 501.0300001, 520, 530)
    to_rest = (0.002, *(shift + value for value in (30, 49.987, 50.002, 50, 49.9999999, 60, 60)))
    falling = (-300 - shift, -100, -130, -90, -80, -79.9999999)
    long = (*(float(value) for value in range(-150, 1)), 4e-6)
    for name, values, tol, new in (
        ("log-likelihoods that rise past 0", past_0, 1e-3, "they pass 0 on their way, which means nothing."),
        ("log-likelihoods that come to rest", to_rest, 1e-3, "the first is near 0, and one falls by little per point."),
        ("a long climb", long, 1e-7, "there are 152 steps before nothing is gained. Does your loop end before?"),
        (
            "log-likelihoods of which one falls",
            falling,
            1e-3,
            "it falls in iteration 2, as with a slip in the M-step. Go on, or raise an error that says so.",
        ),
    ):
        script, shown = Script(values), [f"{value:.10g}" for value in values]
        numbers = ", ".join(shown if len(shown) < 20 else [*shown[:3], "...", shown[-1]])
        yield Case(
            f"ten points and {name}",
            (rng.normal(size=(10, 2)), _mixture(0), tol, script.e_step, script.m_step),
            new,
            numbers=f"`tol` is {tol:g}. The log-likelihoods are {numbers}.",
            may_raise=values is falling,
            known={"script": values, "enough": len(values) + 3},
        )
    geyser = old_faithful().points
    start = k_means_plus_plus(geyser, 2, rng=int(rng.integers(30)))  # at most 23 steps from any of these
    name, known = "the geyser Old Faithful, 272 points", {"enough": 40}
    yield Case(name, (geyser, start, 1e-6, e_step, m_step), "the data are real.", known=known)


def read(answer: Any, array: Reader, points: np.ndarray, start: Mixture, *given: Any) -> Parts:
    """Return how many steps there are, their log-likelihoods and their means, each of K * D numbers."""
    if not isinstance(answer, list | tuple) or not answer or not all(isinstance(step, Step) for step in answer):
        kinds = sorted({type(thing).__name__ for thing in answer}) if isinstance(answer, list | tuple) else None
        several = kinds is not None and f"{len(answer)} things of type {', '.join(kinds) or 'Step'}"
        found = several or f"one {type(answer).__name__}"
        raise exercise.trouble("not a list of steps", found=found)
    values, places = [], []
    for number, step in enumerate(answer, 1):
        for field, kind in (("mixture", Mixture), ("points", np.ndarray)):
            if not isinstance(held := getattr(step, field), kind):
                raise exercise.trouble("fields exchanged", number=number, kind=type(held).__name__, field=field)
        if not reading.alike(step.points, points):
            raise exercise.trouble("other points", number=number)
        values.append(reading.array(step.log_likelihood, f"`log_likelihood` of step {number}", (), ()))
        means = reading.array(step.mixture.means, f"`means` of step {number}", start.means.shape, ("component", "axis"))
        places.append(means.ravel())
    return {LENGTH: np.array(float(len(answer))), VALUES: np.array(values), PLACES: np.array(places)}


exercise = Exercise(
    "loop",
    "my_em(points, mixture, tol, e_step, m_step)",
    "5.5",
    parts={LENGTH: ("length",), VALUES: ("values", "step"), PLACES: ("places", "step", "coordinate")},
    cases=cases,
    read=read,
    hints={
        "the loop": """
The loop of section 1 runs a given number of times. Here nobody knows the number: `while True`, and `return steps` from
inside.

A round: E-step; append the Step, before the M-step makes another mixture; return, if it is time; M-step.""",
        LENGTH: """
When is there a gain? As soon as there are two steps: `steps[-1].log_likelihood - steps[-2].log_likelihood`. Divide by
`len(points)`.

Between the E-step and the M-step: append the Step, and return if `len(steps) > 1` and the size of the gain, `abs(...)`,
is below `tol`.""",
    },
)

exercise.stage("N", lambda points: len(points))
exercise.stage("climb", lambda points, mixture, e_step, m_step, enough: _climb(points, mixture, e_step, m_step, enough))
exercise.stage("heights", lambda climb: np.array([step.log_likelihood for step in climb]))
exercise.stage("gains", lambda heights: np.diff(heights))
exercise.stage("before", lambda gains: np.append(np.inf, gains[:-1]))
exercise.stage("limit", lambda tol: tol)


def _climb(points, mixture, e_step, m_step, enough):
    return list(itertools.islice(em(points, mixture, e_step=e_step, m_step=m_step), enough))


def _shifted(steps):
    """Return each mixture beside the log-likelihood of the one before."""
    return [Step(after.points, after.mixture, before.log_likelihood) for before, after in itertools.pairwise(steps)]


change = exercise.stage("change", lambda gains, N: abs(gains) / N)
change.slip("gain not per point", lambda gains: abs(gains)).told("""
Your loop goes on, although the gain *per point* is below `tol`: it compares the gain of all points together. Divide the
gain by `len(points)`.""")
change.slip("fall taken for convergence", lambda gains, N: gains / N, "5.4").told("""
Your loop stops where the log-likelihood *falls*. A fall is no small gain: compare the size of the change, `abs(...)`,
or raise an error where it falls by `tol` per point or more.""")
change.slip("gain relative to the log-likelihood", lambda gains, heights: abs(gains / heights[1:])).told("""
Your loop compares the gain with `tol` times the log-likelihood. The size of a log-likelihood says nothing, so divide by
the number of points only.""")
change.slip("stops after the first iteration", lambda gains: 0 * gains).told("""
Your loop stops after its first iteration, however large the gain. Does it compare a value with itself, or does
`mixture` never become the new one? Is the condition the right way round?""")
change.slip("one iteration too late", lambda before, N: abs(before) / N).told("""
Your loop stops one iteration after it could. Does it compare values that are a step old? Compare the newest
log-likelihood with the one before it.""")
change.slip("two iterations too late", lambda gains, before, N: np.fmax(abs(before), abs(gains)) / N).told("""
Your loop waits for more than one small gain. Stop at the first.""")
change.slip("divided by all coordinates", lambda gains, points: abs(gains) / points.size).told("""
Your loop divides the gain by the number of all coordinates, `points.size`. Divide by the number of points,
`len(points)`.""")
change.slip("small falls ignored", lambda gains, N: np.where(gains < 0, np.inf, gains) / N).told("""
Your loop goes on where the log-likelihood falls a little, less than `tol` per point. At the top, gains and falls are
both small: compare the size of the change, `abs(...)`.""")
change.slip("tol ignored", limit=lambda: 1e-6).told("""
Your loop stops where the gain per point is below 1e-6, whatever `tol` is. Use the argument.""")

exercise.stage("end", lambda change, limit: np.append(change < limit, True).argmax() + 2)
steps = exercise.stage("steps", lambda climb, end: climb[:end], "5.1")
steps.slip("last step left out", lambda steps: steps[:-1]).told("""
The step whose gain is too small is missing. Note each step first, and then ask whether it is the last.""")
steps.slip("start left out", lambda steps: steps[1:]).told("""
The first step is missing: the start itself, with its log-likelihood. Note it before any M-step.""")
steps.slip("start noted twice", lambda steps: [steps[0], *steps]).told("""
The first step, the start, is in your list twice. Note it once, in the first round.""")
steps.slip("one step only", lambda steps: steps[:1]).told("""
Your loop returns in its very first round. Is `return` inside the loop, where it is reached at once?""")
steps.slip("log-likelihood of the step before", lambda steps: _shifted(steps)).told("""
Each mixture stands beside the log-likelihood of the mixture *before* it. An E-step measures the mixture that it is
given: note both before the M-step makes the next.""")
steps.slip("M-step before the note", lambda climb, end: _shifted(climb[: end + 1])).told("""
Each step has the mixture *after* its M-step beside the log-likelihood of the one before. An E-step measures the
mixture that it is given: note both before you call `m_step`.""")

exercise.stage("length", lambda steps: float(len(steps)))
values = exercise.stage("values", lambda steps: np.array([step.log_likelihood for step in steps]), "5.1")
values.slip("log-likelihood per point noted", lambda values, N: values / N).told("""
The log-likelihoods in your steps are divided by the number of points. Note what `e_step` returns as it is, and divide
only the gain.""")
places = exercise.stage("places", lambda steps: np.array([step.mixture.means.ravel() for step in steps]), "5.1")
places.slip("start noted each time", lambda places: 0 * places + places[0]).told("""
Each step holds the mixture of the start. Note the newest, the one that `e_step` was given in that round.""")

exercise.sight("not a list of steps", "5.1").told("""
`my_em` returned {found}, where a list of at least one Step was expected. Begin with `steps = []`, append a
`Step(points, mixture, log_likelihood)` in each round, and end with `return steps`.""")
exercise.sight("fields exchanged", "5.1").told("""
Step {number} has something of type {kind} as its {field}. The order is `Step(points, mixture, log_likelihood)`.""")
exercise.sight("other points", "5.1").told("""
Step {number} has other points than those that your function was given. Is the list made anew in each call, by `steps =
[]` inside the function? And are `points` noted as they are?""")
exercise.sight("never stops").told("""
Your loop had not stopped after {number} iterations, although the log-likelihood did not change any more after iteration
{rest}. Is the newest log-likelihood compared with that of *one* iteration before, and that renewed each time?""")
exercise.sight("other steps than those given", "5.1").told("""
These are not the log-likelihoods that the given `e_step` returns. Call the arguments `e_step` and `m_step`, so that the
loop runs with any of them, and note what they return as it is.""")
exercise.sight("counts iterations").told("""
Your loop makes {length} steps, whatever it is given. Ask after each step whether the gain per point is below `tol`.""")
exercise.sight("stops near 0", "5.5").told("""
Your loop stops at {value:.6g}, where the log-likelihood is nearer to 0 than before, while it is still changing fast.
If your loop looks at its size, that says nothing: compare what it has *gained*, per point, with `tol`.""")


@exercise.seen
def look(runs: list[Run]) -> Trouble | None:
    """Tell of loops that stop at a value, after so many iterations, or that run on other steps than those given."""
    found = [run.found[VALUES] for run in runs]
    scripts = [run.case.known.get("script", values) for run, values in zip(runs, found, strict=True)]
    if not all(np.isin(values, script).all() for values, script in zip(found, scripts, strict=True)):
        return exercise.trouble("other steps than those given")
    if len(runs) > 1 and len({len(values) for values in found}) == 1:
        return exercise.trouble("counts iterations", length=len(found[0]))
    points, _, tol, *_ = runs[0].case.arguments
    *before, last = found[0]
    gain = abs(last - before[-1]) / len(points) if before else np.inf
    if gain > tol and abs(last) < np.abs(before).min(initial=np.inf):
        return exercise.trouble("stops near 0", value=last)
    return None
