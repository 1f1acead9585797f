"""Exercise: the loop of EM with a rule that stops it."""

import itertools

import numpy as np

from gmm_lab.algorithm import Step, e_step, m_step
from gmm_lab.datasets import old_faithful
from gmm_lab.exercises.engine.cases import Case
from gmm_lab.exercises.engine.exercise import Exercise
from gmm_lab.exercises.engine.trouble import Trouble
from gmm_lab.initialise import k_means_plus_plus
from gmm_lab.mixture import Mixture

LENGTH, VALUES, PLACES = "the number of steps", "the log-likelihood", "the mean of the mixture"
PATIENCE = 60  # iterations after which nothing has changed any more


class Script:
    """An E-step and an M-step that only play: mixture number i has the i-th log-likelihood of a script."""

    def __init__(self, values, points):
        self.values, self.points = values, points

    def mixture(self, number):
        return Mixture([1.0], np.full((1, self.points.shape[1]), float(number)), [np.eye(self.points.shape[1])])

    def number(self, mixture):
        return round(float(mixture.means[0, 0]))

    def e_step(self, points, mixture):
        number = self.number(mixture)
        if number > len(self.values) + PATIENCE:
            raise Trouble(
                "never stops",
                f"Your loop had not stopped after {number} iterations, although the log-likelihood did not change any"
                f" more after iteration {len(self.values) - 1}.",
                "Does it compare the newest log-likelihood with that of *one* iteration before, is that value renewed"
                " each time, and is there a `return` for a change that is small, or 0?"
                " Explained in lesson 5, section 5.",
            )
        self.last = number
        return np.ones((len(points), 1)), self.values[min(number, len(self.values) - 1)]

    def m_step(self, points, responsibilities):
        return self.mixture(self.last + 1)


def cases(rng):
    points = rng.normal(size=(10, 2))
    shift = round(float(rng.uniform(1, 5)), 2)
    below_0 = (-2900 - shift, -2899 - shift, -1400, -700, -310, -40, -0.2)
    past_0 = (*below_0, 0, 290, 480, 501, 501.015, 501.0150001, 520, 530)
    to_rest = (0.002, 30 + shift, 45 + shift, 50.002 + shift, 50 + shift, 49.9999999 + shift, 60 + shift, 60 + shift)
    falling = (-300 - shift, -100, -130, -90, -80, -79.9999999)
    long = (*(float(value) for value in range(-150, 1)), 4e-6)
    for name, values, new in (
        ("log-likelihoods that rise past 0", past_0, "the log-likelihood passes 0 on its way, which means nothing."),
        (
            "log-likelihoods that come to rest",
            to_rest,
            "there is a fall that is small per point, although for all points together it is not.",
        ),
        ("a long climb", long, "there are 152 steps before nothing is gained. Does your loop end before?"),
        (
            "log-likelihoods of which one falls",
            falling,
            "the log-likelihood falls in iteration 2, as it does with a mistake in an M-step. The loop should go on, or"
            " raise an error that says so.",
        ),
    ):
        script, tol = Script(values, points), 1e-7 if values is long else 1e-3
        shown = [f"{value:.10g}" for value in values]
        numbers = ", ".join(shown if len(shown) < 20 else [*shown[:3], "...", shown[-1]])
        yield Case(
            f"ten points and {name}",
            (points, script.mixture(0), tol, script.e_step, script.m_step),
            new,
            numbers=f"`tol` is {tol:g}. The log-likelihoods are {numbers}.",
            may_raise=values is falling,
        )
    geyser = old_faithful().points
    start = k_means_plus_plus(geyser, 2, rng=int(rng.integers(1000)))
    yield Case("the geyser Old Faithful, 272 points", (geyser, start, 1e-6, e_step, m_step), "the data are real.")


def read(answer, array, *given):
    if not isinstance(answer, list | tuple) or not answer or not all(isinstance(step, Step) for step in answer):
        kinds = {type(thing).__name__ for thing in answer} if isinstance(answer, list) else ()
        of = f" of type {', '.join(sorted(kinds))}" if kinds else ""
        found = f"a list of {len(answer)} things{of}" if isinstance(answer, list) else f"one {type(answer).__name__}"
        raise Trouble(
            "not a list of steps",
            f"`my_em` returned {found}, and a list of at least one Step was expected.",
            "Begin with `steps = []`, append a `Step(points, mixture, log_likelihood)` in each round, and end with"
            " `return steps`.",
        )
    return {part: exercise.chain.ways[stage].function(answer) for part, (stage, *_) in exercise.parts.items()}


class Climb:
    """The steps of EM, as many as anybody has asked for."""

    def __init__(self, points, mixture, e_step, m_step):
        self.points, self.e_step, self.m_step = points, e_step, m_step
        self.steps, self.next = [], mixture

    def until(self, tol, measure):
        """Return the steps up to the first one for which `measure(gain, before, value)` is below `tol`.

        gain : what the last step has gained.  before : what the one before it had, if any.  value : log-likelihood.
        """
        before = gain = np.inf
        for length in range(2, 1001):
            while len(self.steps) < length:
                self._go_on()
            last, this = (step.log_likelihood for step in self.steps[length - 2 : length])
            before, gain = gain, this - last
            if measure(gain, before, this) < tol:
                break
        return self.steps[:length]

    def after(self, step):
        """Return the step after one of these."""
        number = self.steps.index(step) + 1
        if number == len(self.steps):
            self._go_on()
        return self.steps[number]

    def _go_on(self):
        responsibilities, log_likelihood = self.e_step(self.points, self.next)
        self.steps.append(Step(self.points, self.next, log_likelihood))
        self.next = self.m_step(self.points, responsibilities)


exercise = Exercise(
    "loop",
    "my_em(points, mixture, tol, e_step, m_step)",
    "lesson 5, section 5",
    parts={LENGTH: ("length",), VALUES: ("values", "step"), PLACES: ("places", "step", "coordinate")},
    cases=cases,
    read=read,
)
exercise.hints = """
The loop of section 1 runs a given number of times. Here nobody knows the number: `while True`, and `return steps` from
inside.

When is there a gain? As soon as there are two steps: `steps[-1].log_likelihood - steps[-2].log_likelihood`. Divide by
`len(points)`.

A round: E-step; append the Step, before the M-step makes another mixture; return if `len(steps) > 1` and the size of
the gain, `abs(...)`, is below `tol`; M-step."""

exercise.stage("N", lambda points: len(points))
exercise.stage("climb", lambda points, mixture, e_step, m_step: Climb(points, mixture, e_step, m_step))
exercise.stage("limit", lambda tol: tol)
exercise.stage("measure", lambda N: lambda gain, before, value: abs(gain) / N)
steps = exercise.stage("steps", lambda climb, limit, measure: climb.until(limit, measure))
steps.slip("gain not per point", measure=lambda: lambda gain, before, value: abs(gain)).told("""
Your loop goes on, although the gain *per point* is below `tol`: it compares the gain of all points together. Divide
the gain by `len(points)`.""")
steps.slip(
    "fall taken for convergence", measure=lambda N: lambda gain, before, value: gain / N, where="lesson 5, section 4"
).told("""
Your loop stops where the log-likelihood *falls*. A fall is no small gain: compare the size of the change, `abs(...)`,
or raise an error.""")
steps.slip(
    "gain relative to the log-likelihood", measure=lambda: lambda gain, before, value: abs(gain) / max(abs(value), 1e-9)
).told("""
Your loop compares the gain with `tol` times the log-likelihood. The size of a log-likelihood says nothing, so divide
by the number of points only.""")
steps.slip("stops after the first iteration", measure=lambda: lambda gain, before, value: 0).told("""
Your loop stops after its first iteration, however large the gain. Does it compare a value with itself, or does
`mixture` never become the new one? Is the condition the right way round?""")
steps.slip("one iteration too late", measure=lambda N: lambda gain, before, value: abs(before) / N).told("""
Your loop stops one iteration after it could. Does it compare values that are a step old? Compare the newest
log-likelihood with the one before it.""")
steps.slip(
    "two iterations too late", measure=lambda N: lambda gain, before, value: max(abs(before), abs(gain)) / N
).told("""
Your loop waits for more than one small gain. Stop at the first.""")
steps.slip("last step left out", lambda steps: steps[:-1], "lesson 5, section 1").told("""
The step whose gain is too small is missing. Note each step first, and then ask whether it is the last.""")
steps.slip("start left out", lambda steps: steps[1:], "lesson 5, section 1").told("""
The first step is missing: the start itself, with its log-likelihood. Note it before any M-step.""")
steps.slip(
    "divided by all coordinates", measure=lambda points: lambda gain, before, value: abs(gain) / points.size
).told("""
Your loop divides the gain by the number of all coordinates, `points.size`. Divide by the number of points,
`len(points)`.""")
steps.slip(
    "small falls ignored", measure=lambda N: lambda gain, before, value: gain / N if gain >= 0 else np.inf
).told("""
Your loop goes on where the log-likelihood falls a little, less than `tol` per point. At the top, gains and falls are
both small: compare the size of the change, `abs(...)`.""")
steps.slip("tol ignored", limit=lambda: 1e-6).told("""
Your loop stops where the gain per point is below 1e-6, whatever `tol` is. Use the argument.""")
steps.slip("start noted twice", lambda steps: [steps[0], *steps], "lesson 5, section 1").told("""
The first step, the start, is in your list twice. Note it once, in the first round.""")
steps.slip("one step only", lambda steps: steps[:1], "lesson 5, section 1").told("""
Your loop returns in its very first round. Is `return` inside the loop, where it is reached at once?""")


def shifted(steps):
    """Return each mixture beside the log-likelihood of the one before."""
    return [Step(after.points, after.mixture, before.log_likelihood) for before, after in itertools.pairwise(steps)]


noted = exercise.stage("noted", lambda steps: steps, "lesson 5, section 1")
noted.slip("log-likelihood of the step before", lambda steps: shifted(steps)).told("""
Each mixture stands beside the log-likelihood of the mixture *before* it. An E-step measures the mixture that it is
given: note both before the M-step makes the next.""")
noted.slip("M-step before the note", lambda steps, climb: shifted([*steps, climb.after(steps[-1])])).told("""
Each step holds the mixture *after* its M-step beside the log-likelihood of the one before. An E-step measures the
mixture that it is given: note both before you call `m_step`.""")
exercise.stage("length", lambda noted: np.array(float(len(noted))))
exercise.stage("values", lambda noted: np.array([float(step.log_likelihood) for step in noted]))
exercise.stage("places", lambda noted: np.array([step.mixture.means.ravel() for step in noted]))

exercise.sight("other steps than those given", "lesson 5, section 1").told("""
These are not the log-likelihoods that the given `e_step` returns. Call the arguments `e_step` and `m_step`, so that
the loop runs with any of them.""")
exercise.sight("counts iterations").told("""
Your loop makes {length} steps, whatever it is given. Ask after each step whether the gain per point is below
`tol`.""")
exercise.sight("stops near 0", "lesson 5, section 5").told("""
Your loop stops at {value:.6g}, where the log-likelihood is nearer to 0 than before, while it is still changing fast.
Its size says nothing: look at how much it has *gained*.""")


@exercise.seen
def look(runs):
    """Tell of loops that stop at a value, after so many iterations, or that run on other steps than those given."""
    scripted = [run for run in runs if isinstance(getattr(run.case.arguments[3], "__self__", None), Script)]
    known = [run.case.arguments[3].__self__.values for run in scripted]
    if any(not np.isin(run.found[VALUES], values).all() for run, values in zip(scripted, known, strict=True)):
        return "other steps than those given", {}
    lengths = {len(run.found[VALUES]) for run in runs}
    if len(runs) > 1 and len(lengths) == 1:
        return "counts iterations", {"length": lengths.pop()}
    values = runs[0].found[VALUES]
    points, _, tol, *_ = runs[0].case.arguments
    gain = abs(values[-1] - values[-2]) / len(points) if len(values) > 1 else np.inf
    if gain > tol and abs(values[-1]) < np.abs(values[:-1]).min(initial=np.inf):
        return "stops near 0", {"value": values[-1]}
    return None
