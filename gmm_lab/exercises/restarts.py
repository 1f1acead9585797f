"""Exercise: several starts, of which the best end is kept."""

from functools import cache

import numpy as np

from gmm_lab.algorithm import steps_of
from gmm_lab.exercises.engine.cases import Case
from gmm_lab.exercises.engine.exercise import Exercise
from gmm_lab.exercises.engine.trouble import Trouble
from gmm_lab.fitting import fit
from gmm_lab.initialise import uniform_in_box
from gmm_lab.mixture import Mixture

END = "the log-likelihood at the end"
NEAR = 0.2  # nats: how exactly an end must be reached; the ends of the examples are further apart

# Seed, components, order of the starts, unit: searched for, so that no two ways of choosing end alike in all of them.
# In the last two the best end comes from the first start and from the last, and starts of one's own end elsewhere.
EXAMPLES = {
    (7198, 3, (0, 4, 7, 2), 10): "the best end comes from a start in the middle, and every log-likelihood is negative.",
    (7108, 5, (2, 5, 3, 8), 0.1): "the data are small, so that every log-likelihood is positive.",
    (7276, 4, (2, 3, 6, 9), 10): "the best end comes from the first start.",
    (7071, 5, (7, 6, 5, 3), 10): "the best end comes from the last start.",
}


def cases(rng):
    for (*example, unit), new in EXAMPLES.items():
        points, starts, fits = hills(*example)
        # mirrored, moved and stretched at random: that changes every log-likelihood alike
        stretch, shift = unit * rng.choice([-1, 1]) * rng.uniform(0.9, 1.1), unit * rng.uniform(-5, 5)
        points = stretch * points + shift
        starts = [Mixture(s.weights, stretch * s.means + shift, stretch**2 * s.covariances) for s in starts]
        name = f"{len(starts)} starts for {len(points)} points between {points.min():.3g} and {points.max():.3g}"
        yield Case(name, (points, starts), new, known={"fits": fits, "stretch": stretch})


@cache
def hills(seed, n_components, order):
    """Return points in 1-D, starts, and what fits of them come to."""
    drawn = np.random.default_rng(seed)
    points = np.concatenate([drawn.normal(mean, 0.2, (15, 1)) for mean in (0, 2, 3.5, 7)])
    starts = [uniform_in_box(points, n_components, reg_covar=0, rng=drawn) for _ in range(max(order) + 1)]
    starts = [starts[number] for number in order]
    return points, starts, [fit(points, n_components, start=start) for start in starts]


def read(answer, array, *given):
    try:
        return {END: np.array(steps_of(answer)[-1].log_likelihood)}
    except TypeError:
        raise Trouble(
            "not a fit",
            f"`my_restarts` returned something of type {type(answer).__name__}, and a Fit was expected.",
            "Return what `fit` returned for the best of the starts.",
        ) from None


exercise = Exercise(
    "restarts",
    "my_restarts(points, starts)",
    "lesson 5, section 7",
    parts={END: ("end",)},
    cases=cases,
    read=read,
    agree=lambda found, expected: bool(abs(found - expected) < NEAR),
)
exercise.hints = """
Run every start to its end first, and choose afterwards: begin with a list of Fits.

A Fit knows its `log_likelihood`, that of its end. Fits themselves can't be compared.

`max(fits, key=...)` returns the one for which the key is largest. The key is a function of a Fit: `lambda run:
run.log_likelihood`."""

exercise.stage("change", lambda points, stretch: len(points) * np.log(abs(stretch)))
exercise.stage("ends", lambda fits, change: np.array([run.log_likelihood for run in fits]) - change)
exercise.stage("begins", lambda fits, change: np.array([run.log_likelihoods[0] for run in fits]) - change)
exercise.stage("lengths", lambda fits: np.array([run.n_iterations for run in fits]))
pick = exercise.stage("pick", lambda ends: ends.argmax())
pick.slip("first start", lambda: 0).told("""
This is where the *first* start ends. Is there a `return` inside the loop, or is the best never replaced? Compare each
new end with the best so far.""")
pick.slip("last start", lambda: -1).told("""
This is where the *last* start ends. Is each end kept, whatever came before? Keep a new one only if its log-likelihood
is larger.""")
pick.slip("lowest end", lambda ends: ends.argmin()).told("""
This is the lowest of all ends. Keep the largest log-likelihood.""")
pick.slip("nearest to 0", lambda ends: np.abs(ends).argmin(), "lesson 2, section 5").told("""
This is the end whose log-likelihood is nearest to 0. A log-likelihood may be positive: keep the largest, with its
sign.""")
pick.slip("furthest from 0", lambda ends: np.abs(ends).argmax(), "lesson 2, section 5").told("""
This is the end whose log-likelihood is furthest from 0. Keep the largest, with its sign.""")
pick.slip("best start, not best end", lambda begins: begins.argmax()).told("""
You chose the start that was best *before* EM. A low start may lead up a higher hill: run EM from each, and compare the
ends.""")
pick.slip("most iterations", lambda lengths: lengths.argmax()).told("""
You kept the longest run. Compare log-likelihoods, not iterations.""")
pick.slip("fewest iterations", lambda lengths: lengths.argmin()).told("""
You kept the shortest run. Compare log-likelihoods, not iterations.""")
pick.slip("largest gain", lambda ends, begins: (ends - begins).argmax()).told("""
You kept the run that gained the most. A low start gains much, and may still end low: compare the ends.""")
exercise.stage("end", lambda ends, pick: ends[pick])

exercise.sight("no start leads there").told("""
None of the given starts ends at {value:.6g}. Run `fit` from each of them, to its end and without other options:
`fit(points, start.n_components, start=start)`.""")
exercise.sight("another start").told("""
This is where start {chosen} ends, and start {best} ends higher, at {end:.6g}. By what does your function choose? Keep
the largest log-likelihood.""")


@exercise.seen
def look(runs):
    """Tell of an end to which no start leads, or another start than the best."""
    for run in runs:
        ends = run.value("ends")
        apart = np.abs(run.found[END] - ends)
        if apart.min() > NEAR:
            return "no start leads there", {"value": float(run.found[END])}
        if ends[apart.argmin()] < ends.max() - NEAR:
            return "another start", {"chosen": apart.argmin() + 1, "best": ends.argmax() + 1, "end": ends.max()}
    return None
