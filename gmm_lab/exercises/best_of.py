"""Exercise: several starts, of which the best end is kept."""

import numpy as np

from gmm_lab.algorithm import steps_of
from gmm_lab.exercises.diagnoses import slips_of
from gmm_lab.exercises.exercise import Case, Exercise
from gmm_lab.exercises.trouble import Trouble
from gmm_lab.fitting import fit
from gmm_lab.initialise import uniform_in_box

PART = "the log-likelihood at the end"
APART, NEAR = 1.0, 0.2  # nats: how different the ends of the examples are, and how exactly one must be reached

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


def _cases(rng):
    for scale, new in (
        (10, "nothing yet: every log-likelihood is negative here."),
        (0.02, "the data are small, so that every log-likelihood is positive."),
    ):
        points, starts = _hills(rng, scale)
        yield Case(
            f"{len(starts)} starts for {len(points)} points between {points.min():.3g} and {points.max():.3g}",
            (points, starts),
            new,
        )


def _hills(rng, scale):
    """Return points in 1-D and five starts: the best end is one that no wrong way of choosing picks."""
    while True:
        points = np.concatenate([rng.normal(mean, 0.3, (20, 1)) for mean in (0, 2, 3.5, 7)]) * scale
        starts = [uniform_in_box(points, 4, reg_covar=0, rng=rng) for _ in range(6)]
        fits = _fits(points, starts)
        ends = np.array([run.log_likelihood for run in fits])
        best = int(ends.argmax())
        others = {
            int(pick(fits)) % len(fits)
            for name, pick in PICKS.items()
            if name not in ("nearest to 0", "furthest from 0")
        }
        if best not in others and np.delete(ends, best).max() < ends[best] - APART and (ends > 0).all() == (scale < 1):
            return points, starts


def _fits(points, starts):
    return [fit(points, start.n_components, start=start, tol=1e-7, max_iter=5000) for start in starts]


def _read(answer, case):
    try:
        return {PART: np.array(steps_of(answer)[-1].log_likelihood)}
    except TypeError:
        raise Trouble(
            "not a fit",
            f"`my_restarts` returned a {type(answer).__name__}, and a Fit was expected.",
            "Return what `fit` returned for the best of the starts.",
        ) from None


def _solve(points, starts, pick=""):
    fits = _fits(points, starts)
    chosen = PICKS[pick](fits) if pick else np.argmax([run.log_likelihood for run in fits])
    return {PART: np.array(fits[chosen].log_likelihood)}


restarts = Exercise(
    name="restarts",
    signature="my_restarts(points, starts)",
    axes={PART: ()},
    cases=_cases,
    read=_read,
    solve=_solve,
    slips=slips_of("restarts"),
    agree=lambda found, expected: bool(abs(found - expected) < NEAR),
)
