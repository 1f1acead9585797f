"""Exercise: several starts, of which the best end is kept that has no needle."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from gmm_lab.algorithm import steps_of
from gmm_lab.exercises.engine import Case, Exercise, Parts, Reader, Run, Trouble
from gmm_lab.fitting import fit
from gmm_lab.initialise import uniform_in_box
from gmm_lab.mixture import Mixture

END = "the log-likelihood at the end"
NEAR = 0.2  # nats: how exactly an end must be reached; the ends of the examples are further apart
THIN = 1e-6  # of the points' variance: of a component that has less, only reg_covar is left

# Seed, order of the starts, unit: searched for, so that no two ways of choosing end alike in all of them, and that
# starts of one's own end elsewhere.
EXAMPLES = {
    (1061, (4, 1, 2, 3), 10): "the highest end has a needle, and the best without one comes from the first start.",
    (2066, (4, 5, 6, 3), 0.1): "the data are small, so that every log-likelihood at an end is positive.",
    (1046, (0, 2, 6, 3), 10): "the highest end has a needle, and the best without one comes from the third start.",
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield points (N, 1) and starts."""
    for (*example, unit), new in EXAMPLES.items():
        points, starts, fits = _hills(*example)
        # mirrored, moved and stretched at random: that changes every log-likelihood alike
        stretch, shift = unit * rng.choice([-1, 1]) * rng.uniform(0.9, 1.1), unit * rng.uniform(-5, 5)
        points = stretch * points + shift
        starts = [Mixture(s.weights, stretch * s.means + shift, stretch**2 * s.covariances) for s in starts]
        name = f"{len(starts)} starts for {len(points)} points between {points.min():.3g} and {points.max():.3g}"
        yield Case(name, (points, starts), new, known={"fits": fits, "stretch": stretch})


@cache
def _hills(seed, order):
    """Return points in 1-D, starts, and what fits of them come to."""
    drawn = np.random.default_rng(seed)
    points = np.concatenate([drawn.normal(mean, 0.2, (12, 1)) for mean in (0, 2, 3.5, 7)])
    starts = [uniform_in_box(points, 5, reg_covar=0, rng=drawn) for _ in range(max(order) + 1)]
    starts = [starts[number] for number in order]
    return points, starts, [fit(points, 5, start=start) for start in starts]


def read(answer: Any, array: Reader, *given: Any) -> Parts:
    """Return the log-likelihood at the end of a Fit."""
    try:
        return {END: array(END, steps_of(answer)[-1].log_likelihood, "`log_likelihood`")}
    except TypeError:
        raise exercise.trouble("not a fit", kind=type(answer).__name__) from None


exercise = Exercise(
    "restarts",
    "my_restarts(points, starts)",
    "5.7",
    parts={END: ("end",)},
    cases=cases,
    read=read,
    agree=lambda found, expected: bool(abs(found - expected) < NEAR),
    hints={
        "the runs": """
Run every start to its end first, and choose afterwards: begin with a list of Fits.

`[fit(points, start.n_components, start=start) for start in starts]`.""",
        "the needles": """
How thin is a component? Its variance along the direction in which it is thinnest is the smallest eigenvalue of its
covariance: `np.linalg.eigvalsh(run.mixture.covariances).min()` is that of the thinnest component of a run.

Keep the runs for which that is more than a millionth of the points' variance, `1e-6 * points.var(axis=0).min()`.""",
        "the choice": """
A Fit knows its `log_likelihood`, that of its end. Fits themselves can't be compared.

`max(fits, key=...)` returns the one for which the key is largest. The key is a function of a Fit: `lambda run:
run.log_likelihood`.""",
    },
)

exercise.stage("change", lambda points, stretch: len(points) * np.log(abs(stretch)))
exercise.stage("ends", lambda fits, change: np.array([run.log_likelihood for run in fits]) - change)
exercise.stage("begins", lambda fits, change: np.array([run.log_likelihoods[0] for run in fits]) - change)
exercise.stage("lengths", lambda fits: np.array([run.n_iterations for run in fits]))

sound = exercise.stage("sound", lambda fits: np.array([_thinnest(run) > THIN for run in fits]))


def _thinnest(run):
    """Return the smallest variance of a component in 1-D, in variances of the points."""
    return run.mixture.covariances.min() / run.steps[0].points.var()


def _largest(values, sound):
    return np.where(sound, values, -np.inf).argmax()


pick = exercise.stage("pick", lambda ends, sound: _largest(ends, sound))
pick.slip("first start", lambda: 0).told("""
This is where the *first* start ends. Is there a `return` inside the loop, or is the best never replaced? Compare each
new end with the best so far.""")
pick.slip("last start", lambda: -1).told("""
This is where the *last* start ends. Is each end kept, whatever came before? Keep a new one only if its log-likelihood
is larger.""")
pick.slip("lowest end", lambda ends, sound: _largest(-ends, sound)).told("""
This is the lowest of the ends. Keep the largest log-likelihood.""")
pick.slip("nearest to 0", lambda ends, sound: _largest(-abs(ends), sound), "2.5").told("""
This is the end whose log-likelihood is nearest to 0. A log-likelihood may be positive: keep the largest, with its
sign.""")
pick.slip("furthest from 0", lambda ends, sound: _largest(abs(ends), sound), "2.5").told("""
This is the end whose log-likelihood is furthest from 0. Keep the largest, with its sign.""")
pick.slip("best start, not best end", lambda begins, sound: _largest(begins, sound)).told("""
You chose the start that was best *before* EM. From a low start EM may climb to a higher summit: run it from each, and
compare the ends.""")
pick.slip("most iterations", lambda lengths, sound: _largest(lengths, sound)).told("""
You kept the longest run. Compare log-likelihoods, not iterations.""")
pick.slip("fewest iterations", lambda lengths, sound: _largest(-lengths, sound)).told("""
You kept the shortest run. Compare log-likelihoods, not iterations.""")
pick.slip("largest gain", lambda ends, begins, sound: _largest(ends - begins, sound)).told("""
You kept the run that gained the most. From a low start EM gains much, and may still end low: compare the ends.""")
sound.slip("needle kept", lambda ends: ends < np.inf).told("""
You kept a run of which one component is a needle: it has no variance but that of `reg_covar`, and its high likelihood
means nothing. Leave such runs out before you choose.""")
exercise.stage("end", lambda ends, pick: ends[pick])

exercise.sight("not a fit").told("""
`my_restarts` returned something of type {kind}, and a Fit was expected. Return what `fit` returned for the best of the
starts.""")
exercise.sight("no start leads there").told("""
None of the given starts ends at {value:.6g}. Run `fit` from each of them, to its end and without other options:
`fit(points, start.n_components, start=start)`.""")
exercise.sight("another start").told("""
This is where start {chosen} ends, and start {best} ends higher, at {end:.6g}, without a needle. By what does your
function choose? Keep the largest log-likelihood.""")


@exercise.seen
def look(runs: list[Run]) -> Trouble | None:
    """Tell of an end to which no start leads, or another start than the best."""
    for run in runs:
        ends, best = run.value("ends"), run.value("pick")
        chosen = np.abs(run.found[END] - ends).argmin()
        if not abs(run.found[END] - ends[chosen]) < NEAR:
            return exercise.trouble("no start leads there", value=float(run.found[END]))
        if ends[chosen] < ends[best] - NEAR:
            return exercise.trouble("another start", chosen=chosen + 1, best=best + 1, end=ends[best])
    return None
