"""Exercise: the loop of EM with a rule that stops it."""

import itertools

import numpy as np

from gmm_lab.algorithm import Step, e_step, em, m_step
from gmm_lab.datasets import old_faithful
from gmm_lab.exercises.cases import Case
from gmm_lab.exercises.diagnoses import slips_of
from gmm_lab.exercises.exercise import Exercise
from gmm_lab.exercises.trouble import Trouble
from gmm_lab.initialise import k_means_plus_plus
from gmm_lab.mixture import Mixture

LENGTH, VALUES, PLACES = "the number of steps", "the log-likelihood", "the mean of the mixture"
PATIENCE = 60  # iterations after which nothing has changed any more


class _Script:
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


def _cases(rng):
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
        script, tol = _Script(values, points), 1e-7 if values is long else 1e-3
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


def _read(answer, case):
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
    return _parts(answer)


def _parts(steps):
    return {
        LENGTH: np.array(float(len(steps))),
        VALUES: np.array([float(step.log_likelihood) for step in steps]),
        PLACES: np.array([step.mixture.means.ravel() for step in steps]),
    }


RULES = {
    "gain not per point": lambda gains, values, n_points: abs(gains[-1]),
    "fall taken for convergence": lambda gains, values, n_points: gains[-1] / n_points,
    "gain relative to the log-likelihood": lambda gains, values, n_points: abs(gains[-1]) / max(abs(values[-1]), 1e-9),
    "divided by all coordinates": lambda gains, values, n_points: abs(gains[-1]) / (2 * n_points),  # all here are 2-D
    "small falls ignored": lambda gains, values, n_points: gains[-1] / n_points if gains[-1] >= 0 else np.inf,
    "stops after the first iteration": lambda gains, values, n_points: 0,
    "one iteration too late": lambda gains, values, n_points: abs(gains[-2]) / n_points if len(gains) > 1 else np.inf,
    "two iterations too late": lambda gains, values, n_points: (
        max(abs(gain) for gain in [np.inf, *gains][-2:]) / n_points
    ),
}


def _solve(points, start, tol, e_step, m_step, rule="", pairing=""):
    measure = RULES.get(rule, lambda gains, values, n_points: abs(gains[-1]) / n_points)
    if rule == "tol ignored":
        tol = 1e-6
    steps, values = [], []
    for step in itertools.islice(em(points, start, e_step=e_step, m_step=m_step), 1000):
        steps.append(step)
        values.append(step.log_likelihood)
        if len(values) > 1 and measure(np.diff(values).tolist(), values, len(points)) < tol:
            break
    if rule == "one step only":
        steps = steps[:1]
    if rule == "last step left out":
        steps = steps[:-1]
    if rule == "start left out":
        steps = steps[1:]
    if rule == "start noted twice":
        steps = [steps[0], *steps]
    if pairing == "M-step before the note":
        steps.append(Step(points, m_step(points, e_step(points, steps[-1].mixture)[0]), np.nan))
    if pairing:
        steps = [Step(points, after.mixture, before.log_likelihood) for before, after in itertools.pairwise(steps)]
    return _parts(steps)


def _look(runs):
    """Tell of loops that stop at a value, after so many iterations, or that run on other steps than those given."""
    scripted = [run for run in runs if isinstance(getattr(run.case.arguments[3], "__self__", None), _Script)]
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


loop = Exercise(
    name="loop",
    signature="my_em(points, mixture, tol, e_step, m_step)",
    axes={LENGTH: (), VALUES: ("step",), PLACES: ("step", "coordinate")},
    cases=_cases,
    read=_read,
    solve=_solve,
    slips=slips_of("loop"),
    look=_look,
)
