"""EM: time per iteration, whole fits and memory, of `gmm_lab.fit` beside scikit-learn's GaussianMixture.

Both in turn from the same start, medians of CPU time, one BLAS thread. An iteration's time is the difference between a
long and a short run, so that what comes before and after does not count.
Run: python benchmarks/em.py
"""

import os
import statistics
import time
import warnings
from functools import partial

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is loaded

import numpy as np
from sklearn.mixture import GaussianMixture

from gmm_lab import Mixture, fit

SIZES = (
    (1_500, 3, 3),
    (10_000, 3, 3),
    (100_000, 3, 3),
    (1_000_000, 3, 3),
    (100_000, 10, 10),
    (100_000, 2, 20),
    (100_000, 32, 16),
)
RIDGE = 1e-6
WORK = 4e7  # numbers: an iteration of N x K x D of them is repeated so often that a run takes tenths of a second
ROUNDS = 5


def problem(n_points, n_dimensions, n_components):
    """Return overlapping clouds, and a start: means at points, and the covariance of all."""
    rng = np.random.default_rng(0)
    places = 3 * rng.normal(size=(n_components, n_dimensions))
    points = places[rng.integers(n_components, size=n_points)] + rng.normal(size=(n_points, n_dimensions))
    means = points[rng.choice(n_points, n_components, replace=False)]
    covariance = np.cov(points.T, bias=True).reshape(n_dimensions, n_dimensions)
    start = Mixture(np.full(n_components, 1 / n_components), means, np.tile(covariance, (n_components, 1, 1)))
    return points, start


def ours(points, start, n):
    return fit(points, start.n_components, start=start, tol=0, max_iter=n, reg_covar=RIDGE)


def theirs(points, start, n):
    model = GaussianMixture(
        start.n_components,
        weights_init=start.weights,
        means_init=start.means,
        precisions_init=np.linalg.inv(start.covariances),
        init_params="random_from_data",  # the fastest; what it finds is not used
        random_state=0,
        tol=0,
        max_iter=n,
        reg_covar=RIDGE,
    )
    return model.fit(points)


def seconds(run, *given):
    begun = time.process_time()
    run(*given)
    return time.process_time() - begun


def in_turn(*runs, rounds=ROUNDS):
    """Return what each of the runs, functions without arguments, takes: medians of CPU time, A B A B."""
    taken = [[] for _ in runs]
    for _ in range(rounds):
        for run, times in zip(runs, taken, strict=True):
            times.append(run())
    return taken


def iteration(way, points, start, n):
    return (seconds(way, points, start, n + 1) - seconds(way, points, start, 1)) / n


def rows():
    for size in SIZES:
        points, start = problem(*size)
        n = int(np.clip(WORK / np.prod(size), 3, 200))
        taken = in_turn(*(partial(iteration, way, points, start, n) for way in (theirs, ours)))
        yield size, *map(statistics.median, taken)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for size, scikit_learn, gmm_lab in rows():
        print(
            size,
            f"{1e3 * scikit_learn:.2f} ms {1e3 * gmm_lab:.3f} ms {scikit_learn / gmm_lab:.1f}",
            f"{1e9 * gmm_lab / size[0]:.0f} ns/pt",
            flush=True,
        )
