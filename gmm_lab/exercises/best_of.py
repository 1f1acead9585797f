"""Exercise: several starts, of which the best end is kept."""

import numpy as np

from gmm_lab.algorithm import steps_of
from gmm_lab.exercises.cases import Case
from gmm_lab.exercises.diagnoses import slips_of
from gmm_lab.exercises.exercise import Exercise
from gmm_lab.exercises.trouble import Trouble
from gmm_lab.fitting import fit
from gmm_lab.initialise import uniform_in_box
from gmm_lab.mixture import Mixture

PART = "the log-likelihood at the end"
NEAR = 0.2  # nats: how exactly an end must be reached; the ends of the examples are further apart

PICKS = {
    "first start": lambda fits: 0,
    "last start": lambda fits: -1,
    "lowest end": lambda fits: np.argmin([run.log_likelihood for run in fits]),
    "nearest to 0": lambda fits: np.argmin([abs(run.log_likelihood) for run in fits]),
    "furthest from 0": lambda fits: np.argmax([abs(run.log_likelihood) for run in fits]),
    "best start, not best end": lambda fits: np.argmax([run.log_likelihoods[0] for run in fits]),
    "most iterations": lambda fits: np.argmax([run.n_iterations for run in fits]),
    "fewest iterations": lambda fits: np.argmin([run.n_iterations for run in fits]),
    "largest gain": lambda fits: np.argmax([run.log_likelihood - run.log_likelihoods[0] for run in fits]),
}

# Seed, components, order of the starts, unit: searched for, so that no two ways of choosing end alike in all of them.
# In the last two the best end comes from the first start and from the last, and starts of one's own end elsewhere.
EXAMPLES = (
    (7198, 3, (0, 4, 7, 2), 10),
    (7108, 5, (2, 5, 3, 8), 0.1),
    (7276, 4, (2, 3, 6, 9), 10),
    (7071, 5, (7, 6, 5, 3), 10),
)


def _cases(rng):
    news = (
        "the best end comes from a start in the middle, and every log-likelihood is negative.",
        "the data are small, so that every log-likelihood is positive.",
        "the best end comes from the first start.",
        "the best end comes from the last start.",
    )
    for example, new in zip(EXAMPLES, news, strict=True):
        points, starts = _hills(*example, rng)
        name = f"{len(starts)} starts for {len(points)} points between {points.min():.3g} and {points.max():.3g}"
        yield Case(name, (points, starts), new)


def _hills(seed, n_components, order, unit, rng):
    """Return points in 1-D and starts, mirrored, moved and stretched at random: that changes no end's rank."""
    drawn = np.random.default_rng(seed)
    points = np.concatenate([drawn.normal(mean, 0.2, (15, 1)) for mean in (0, 2, 3.5, 7)])
    starts = [uniform_in_box(points, n_components, reg_covar=0, rng=drawn) for _ in range(max(order) + 1)]
    stretch, shift = unit * rng.choice([-1, 1]) * rng.uniform(0.9, 1.1), unit * rng.uniform(-5, 5)
    moved = [
        Mixture(start.weights, stretch * start.means + shift, stretch**2 * start.covariances)
        for start in (starts[number] for number in order)
    ]
    return stretch * points + shift, moved


def _fits(points, starts):
    return [fit(points, start.n_components, start=start) for start in starts]


def _read(answer, case):
    try:
        return {PART: np.array(steps_of(answer)[-1].log_likelihood)}
    except TypeError:
        raise Trouble(
            "not a fit",
            f"`my_restarts` returned something of type {type(answer).__name__}, and a Fit was expected.",
            "Return what `fit` returned for the best of the starts.",
        ) from None


def _solve(points, starts, pick=""):
    fits = _fits(points, starts)
    chosen = PICKS[pick](fits) if pick else np.argmax([run.log_likelihood for run in fits])
    return {PART: np.array(fits[chosen].log_likelihood)}


def _look(runs):
    """Tell of an end to which no start leads, or another start than the best."""
    for run in runs:
        ends = np.array([fitted.log_likelihood for fitted in _fits(*run.case.arguments)])
        apart = np.abs(run.found[PART] - ends)
        if apart.min() > NEAR:
            return "no start leads there", {"value": float(run.found[PART])}
        if apart.argmin() != ends.argmax():
            return "another start", {"chosen": apart.argmin() + 1, "best": ends.argmax() + 1, "end": ends.max()}
    return None


restarts = Exercise(
    name="restarts",
    signature="my_restarts(points, starts)",
    axes={PART: ()},
    cases=_cases,
    read=_read,
    solve=_solve,
    slips=slips_of("restarts"),
    look=_look,
    agree=lambda found, expected: bool(abs(found - expected) < NEAR),
)
