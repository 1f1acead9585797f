"""EM beside scikit-learn's GaussianMixture: time per iteration, whole fits, memory, growth, and the machine's limit.

All in turn from the same start, A B A B, in CPU time with one BLAS thread; medians, with the smallest and the largest
ratio. An iteration's time is the difference between a long and a short run, so that what comes before and after does
not count. Each function yields the rows of a table; `make bench` prints them all. Run: python benchmarks/em.py
"""

import os
import statistics
import time
import tracemalloc
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
    """Return what each of the runs, functions without arguments, returns in each round, A B A B: a list for each."""
    return list(zip(*([run() for run in runs] for _ in range(rounds)), strict=True))


def iteration(way, points, start, n):
    return (seconds(way, points, start, n + 1) - seconds(way, points, start, 1)) / n


def repeats(size):
    return int(np.clip(WORK / np.prod(size), 3, 200))


def compared(size, slow, fast, unit):
    """Return a row: the size, both medians, their ratio, and the smallest and largest ratio of a round."""
    ratios = [a / b for a, b in zip(slow, fast, strict=True)]
    a, b = statistics.median(slow), statistics.median(fast)
    return f"{size[0]:,} × {size[1]}, K = {size[2]}", unit(a), unit(b), f"{a / b:.1f} ×", spread(ratios)


def spread(values):
    return f"{min(values):.1f} to {max(values):.1f}"


def milliseconds(value):
    return f"{value:.2f} s" if value >= 1 else f"{1e3 * value:.3g} ms"


def iterations():
    """Yield: size, an iteration of scikit-learn, of gmm_lab, ratio, its range, largest difference of the traces."""
    for size in SIZES:
        points, start = problem(*size)
        runs = [partial(iteration, way, points, start, repeats(size)) for way in (theirs, ours)]
        bound = [theirs(points, start, n).lower_bound_ for n in (1, 5)]  # of the mixtures after 0 and 4 iterations
        trace = ours(points, start, 4).log_likelihoods[[0, -1]] / len(points)
        yield *compared(size, *in_turn(*runs), milliseconds), f"{np.abs(trace / bound - 1).max():.0e}"


def whole_fits():
    """Yield: size, a fit from raw points with the default start by scikit-learn, by gmm_lab, ratio, its range."""

    def scikit_learn(points, n_components):
        return GaussianMixture(n_components, tol=1e-6, max_iter=500, random_state=0).fit(points)

    for size in SIZES[:3] + SIZES[4:5]:
        points = problem(*size)[0]
        runs = [partial(seconds, way, points, size[2]) for way in (scikit_learn, fit)]
        yield compared(size, *in_turn(*runs, rounds=3), milliseconds)


def peak(way, points, start):
    tracemalloc.start()
    way(points, start, 2)
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest / 2**20


def memory():
    """Yield: size, MiB above the points that scikit-learn takes at most, and gmm_lab."""
    for size in (SIZES[2], SIZES[3], SIZES[4]):
        points, start = problem(*size)
        yield (
            f"{size[0]:,} × {size[1]}, K = {size[2]}",
            f"{peak(theirs, points, start):.0f} MiB",
            f"{peak(ours, points, start):.1f} MiB",
        )


def operations(n_points, n_dimensions, n_components):
    """Return the multiplications and additions of an iteration: whitening, products, and two matrix products."""
    n_features = (n_dimensions + 1) * (n_dimensions + 2) // 2
    return n_points * (2 * n_dimensions**2 + n_features + 4 * n_features * n_components)


def growth():
    """Yield: what grows, slope of log time in its logarithm, and the slope of the count of operations."""
    for name, sizes in (
        ("points N, 20,000 to 320,000", [(20_000 * 2**i, 8, 8) for i in range(5)]),
        ("dimensions D, 4 to 32", [(20_000, 4 * 2**i, 8) for i in range(4)]),
        ("components K, 4 to 64", [(20_000, 8, 4 * 2**i) for i in range(5)]),
    ):
        which = int(np.argmax(np.ptp(sizes, axis=0)))
        logs = np.log([size[which] for size in sizes])
        problems = [problem(*size) for size in sizes]
        runs = [
            partial(iteration, ours, *each, repeats(size) // 4 + 2) for each, size in zip(problems, sizes, strict=True)
        ]
        times = [statistics.median(taken) for taken in in_turn(*runs)]
        slopes = [np.polyfit(logs, np.log(values), 1)[0] for values in (times, [operations(*size) for size in sizes])]
        yield name, *(f"{slope:.2f}" for slope in slopes)


def limit():
    """Yield: size, nanoseconds a point that the machine allows (one read of the points, the products), ours, share."""
    square, block = np.ones((512, 512)), np.ones(2**24)
    product, copy = in_turn(
        partial(seconds, lambda: [square @ square for _ in range(20)]), partial(seconds, lambda: [block.copy()])
    )
    per_operation = statistics.median(product) / (20 * 2 * 512**3)
    per_byte = statistics.median(copy) / (2 * block.nbytes)
    for size in SIZES[2:]:
        points, start = problem(*size)
        ideal = operations(*size) * per_operation + points.nbytes * per_byte
        taken = statistics.median(iteration(ours, points, start, repeats(size)) for _ in range(3))
        yield (
            f"{size[0]:,} × {size[1]}, K = {size[2]}",
            f"{1e9 * ideal / size[0]:.0f} ns",
            f"{1e9 * taken / size[0]:.0f} ns",
            f"{100 * ideal / taken:.0f} %",
        )


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for table in (iterations, whole_fits, memory, growth, limit):
        print(table.__doc__)
        for row in table():
            print("  ", *row, sep=" | ", flush=True)
