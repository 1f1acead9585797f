"""Where EM starts: mixtures that scale with the data, so that a change of units changes nothing."""

from collections.abc import Callable
from functools import partial
from itertools import islice

import numpy as np

from gmm_lab.mixture import Mixture
from gmm_lab.scale import ridge
from gmm_lab.sources import Source, source_of
from gmm_lab.statistics import climb
from gmm_lab.validation import Points, Rng, generator, points_array, whole_number

SHORT_RUNS, SHORT = 2, 5  # of each kind of start; iterations of each
CANDIDATES = 3  # points from which each next seed is chosen


def short_runs(
    points: Points, n_components: int, *, reg_covar: float | np.ndarray | None = None, rng: Rng = 0
) -> Mixture:
    """Return the best of four starts after five iterations of EM from each (Biernacki, Celeux and Govaert 2003).

    Two are drawn by `k_means_plus_plus`: large components, which find thin clouds side by side. Two are `_near_seeds`:
    small ones, which find many clouds, and outliers. `benchmarks/starts.py` compares them with scikit-learn's.
    Parameters and errors are those of `fit`. Raises ValueError where all four starts fail.
    """
    points, rng = points_array(points), generator(rng)
    added = ridge(points, reg_covar)
    source = source_of(points)
    best, highest, trouble = None, -np.inf, None
    for draw in (k_means_plus_plus, _near_seeds) * SHORT_RUNS:
        try:
            start = draw(points, n_components, reg_covar=added, rng=rng)
            reached = next(islice(climb(source, start, added), SHORT, None)).log_likelihood
        except ValueError as error:
            trouble = error
        else:
            best, highest = max((best, highest), (start, reached), key=lambda pair: pair[1])
    if best is None:
        raise trouble
    return best


def k_means_plus_plus(
    points: Points, n_components: int, *, reg_covar: float | np.ndarray | None = None, rng: Rng = 0
) -> Mixture:
    """Return equal weights, the data's own covariance, and means at points chosen far apart.

    Each next mean is a point drawn with probability proportional to its squared distance from the nearest mean so far
    (Arthur and Vassilvitskii 2007), each column measured in its own standard deviations.
    points : (N, D).  reg_covar : added to every variance, as in `m_step`. Raises ValueError or TypeError as `fit` does.

    >>> k_means_plus_plus([[0, 0], [0, 0], [6, 2], [6, 2]], 2).means.tolist()
    [[6.0, 2.0], [0.0, 0.0]]
    """
    points = points_array(points)
    n_components = whole_number(n_components, "n_components", 1)
    rng = generator(rng)
    seeds = points[_seeds(_scaled(points), n_components, 1, rng)]
    return _equal_weights(seeds, _spread(points - points.mean(axis=0)), points, reg_covar)


def _near_seeds(points, n_components, *, reg_covar, rng):
    """Return equal weights, the means of the points nearest to each seed, and the spread around these means."""
    scaled = _scaled(points)
    seeds = _seeds(scaled, n_components, CANDIDATES, rng)
    nearest = np.array([np.square(scaled - scaled[seed]).sum(axis=1) for seed in seeds]).argmin(axis=0)
    nearest[seeds] = range(n_components)  # where points are equal, too, each seed has one
    means = np.array([points[nearest == k].mean(axis=0) for k in range(n_components)])
    return _equal_weights(means, _spread(points - means[nearest]), points, reg_covar)


def _scaled(points):
    """Return the points with each column measured in its own standard deviations."""
    deviations = points.std(axis=0)
    return (points - points.mean(axis=0)) / np.where(deviations > 0, deviations, 1)


def _seeds(scaled, n_components, n_candidates, rng):
    """Return which points are seeds: of a few candidates for each, the one that leaves the others nearest to a seed."""
    chosen = [rng.integers(len(scaled))]
    nearest = np.full(len(scaled), np.inf)
    while True:
        nearest = np.minimum(nearest, np.square(scaled - scaled[chosen[-1]]).sum(axis=1))
        if len(chosen) == n_components:
            return chosen
        total = nearest.sum()
        drawn = [rng.choice(len(scaled), p=nearest / total if total > 0 else None) for _ in range(n_candidates)]
        chosen.append(min(drawn, key=lambda i: np.minimum(nearest, np.square(scaled - scaled[i]).sum(axis=1)).sum()))


def uniform_in_box(
    points: Points, n_components: int, *, reg_covar: float | np.ndarray | None = None, rng: Rng = 0
) -> Mixture:
    """Return equal weights, means uniform in the data's box, and round covariances: each column's variance, no tilt.

    points : (N, D).  reg_covar : added to every variance, as in `m_step`. Raises ValueError or TypeError as `fit` does.
    """
    points = points_array(points)
    n_components = whole_number(n_components, "n_components", 1)
    shape = (n_components, points.shape[1])
    means = generator(rng).uniform(points.min(axis=0), points.max(axis=0), shape)
    return _equal_weights(means, np.diag(points.var(axis=0)), points, reg_covar)


def _spread(differences):
    return differences.T @ differences / len(differences)


def _equal_weights(means, covariance, points, reg_covar):
    covariance = covariance + np.diag(ridge(points, reg_covar))
    return Mixture(np.full(len(means), 1 / len(means)), means, np.tile(covariance, (len(means), 1, 1)))


STARTS = {"short runs": short_runs, "k-means++": k_means_plus_plus, "random": uniform_in_box}


def starts_of(
    source: Source, n_components: int, start: str | Mixture, n_init: int, added: np.ndarray, rng: Rng
) -> list[Callable[[], Mixture]]:
    """Return for each run what draws its start."""
    if source.n_points < n_components:
        raise ValueError(
            f"points has {source.n_points} rows, but n_components is {n_components}:"
            " give more points or ask for fewer components"
        )
    children = generator(rng).spawn(n_init)
    if isinstance(start, Mixture):
        if start.n_components != n_components or start.n_dimensions != len(added) or n_init != 1:
            shape = source.n_points, len(added)
            raise ValueError(
                f"start is {start!r}, but n_components is {n_components}, points has shape {shape} and n_init is"
                f" {n_init}: give a mixture that fits, and leave n_init at 1, since the runs would all be the same"
            )
        return [lambda: start]
    if not isinstance(start, str) or start not in STARTS:
        raise ValueError(f"start is {start!r}, but one of {', '.join(map(repr, STARTS))} or a Mixture was expected")
    return [partial(STARTS[start], source.view.rows, n_components, reg_covar=added, rng=child) for child in children]
