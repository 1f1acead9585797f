"""How often one run reaches the best optimum that is known, by its start: ours beside scikit-learn's four.

64 generated problems of eight kinds, 6 seeds each, tol 1e-6. A run that fails, stays on a plateau or ends with a needle
has not reached it. scikit-learn gets columns of unit variance, since it adds its reg_covar in the data's own units.
Run: python benchmarks/starts.py
"""

import os
import time
import warnings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is loaded

import numpy as np
from sklearn.mixture import GaussianMixture

from gmm_lab import Mixture, fit
from gmm_lab.initialise import STARTS

N_PROBLEMS, N_SEEDS = 8, 6  # problems of each kind, runs of each start
THEIRS = ("kmeans", "k-means++", "random", "random_from_data")
CLOSE = 1e-4  # nats a point from the best: the same optimum
NEEDLE = 1e-5  # of a column's variance: components flatter than this have collapsed


def rotation(rng, n_dimensions):
    return np.linalg.qr(rng.normal(size=(n_dimensions, n_dimensions)))[0]


def clouds(rng, sizes, gap, deviations):
    """Draw one cloud after another, each turned at random, with means at least `gap` apart."""
    n_dimensions, side, means = len(deviations[0]), gap, []
    while len(means) < len(sizes):
        mean = rng.uniform(0, side, n_dimensions)
        side *= 1.01
        if all(np.linalg.norm(mean - other) >= gap for other in means):
            means.append(mean)
    return np.concatenate(
        [
            mean + (rng.normal(size=(size, n_dimensions)) * each) @ rotation(rng, n_dimensions)
            for size, mean, each in zip(sizes, means, deviations, strict=True)
        ]
    )


def overlapping(rng):
    k, d = rng.integers(2, 5), rng.integers(1, 4)
    return clouds(rng, [150] * k, 3, np.ones((k, d))), k


def elongated(rng):
    k, d = rng.integers(2, 5), rng.integers(2, 4)
    return clouds(rng, [150] * k, 4, [[3] + [0.5] * (d - 1)] * k), k


def thin_side_by_side(rng):
    k, turn = rng.integers(2, 5), rotation(rng, 2)
    return np.concatenate([(rng.normal(size=(150, 2)) * [5, 0.25] + [0, 1.5 * i]) @ turn for i in range(k)]), k


def far_outliers(rng):
    k, d = rng.integers(2, 4), rng.integers(1, 3)
    far = rng.choice([200, 1000]) + rng.normal(size=(6, d))
    return np.concatenate([clouds(rng, [200] * k, 5, np.ones((k, d))), far]), k + 1


def unequal_weights(rng):
    k, d = rng.integers(3, 5), rng.integers(2, 4)
    return clouds(rng, [400, 100, 40, 20][:k], 5, rng.uniform(0.5, 1.5, (k, d))), k


def six_to_ten(rng):
    k = rng.integers(6, 11)
    return clouds(rng, [80] * k, 5, rng.uniform(0.5, 1.2, (k, 2))), k


def six_to_ten_dimensions(rng):
    k, d = rng.integers(3, 6), rng.integers(6, 11)
    return clouds(rng, [150] * k, 5, rng.uniform(0.5, 1.5, (k, d))), k


def unequal_sizes(rng):
    return clouds(rng, [200] * 3, 4, [[3, 3], [0.3, 0.3], [1, 1]]), 3


KINDS = (
    overlapping,
    elongated,
    thin_side_by_side,
    far_outliers,
    unequal_weights,
    six_to_ten,
    six_to_ten_dimensions,
    unequal_sizes,
)


def reached(points, mixture):
    """Return the log-likelihood, or -inf where a component has collapsed."""
    return mixture.log_density(points).sum() if np.linalg.eigvalsh(mixture.covariances).min() > NEEDLE else -np.inf


def ours(points, k, start, seed):
    result = fit(points, k, start=start, rng=seed)
    return reached(points, result.mixture) if result.converged else -np.inf


def theirs(points, k, start, seed):
    found = GaussianMixture(k, init_params=start, random_state=seed, tol=1e-6, max_iter=500).fit(points)
    return reached(points, Mixture(found.weights_, found.means_, found.covariances_))


def ends(points, k, run, start):
    values = []
    for seed in range(N_SEEDS):
        try:
            values.append(run(points, k, start, seed))
        except ValueError:
            values.append(-np.inf)
    return np.array(values)


def main():
    contestants = [(ours, start) for start in STARTS] + [(theirs, start) for start in THEIRS]
    seconds = dict.fromkeys(contestants, 0.0)
    shares = {contestant: [] for contestant in contestants}
    print(f"{'':24}" + "".join(f"{start:>18}" for _, start in contestants))
    for kind in KINDS:
        hits = {contestant: [] for contestant in contestants}
        for problem in range(N_PROBLEMS):
            points, k = kind(np.random.default_rng([problem, KINDS.index(kind)]))
            points = (points - points.mean(axis=0)) / points.std(axis=0)
            found = {}
            for contestant in contestants:
                begun = time.process_time()
                found[contestant] = ends(points, int(k), *contestant)
                seconds[contestant] += time.process_time() - begun
            best = max(values.max() for values in found.values())
            for contestant, values in found.items():
                hits[contestant].append((values >= best - CLOSE * len(points)).mean())
        for contestant, each in hits.items():
            shares[contestant] += each
        print(f"{kind.__name__:24}" + "".join(f"{np.mean(hits[contestant]):18.2f}" for contestant in contestants))
    n_fits = len(KINDS) * N_PROBLEMS * N_SEEDS
    print(f"{'all':24}" + "".join(f"{np.mean(shares[contestant]):18.3f}" for contestant in contestants))
    print(f"{'ms of CPU a fit':24}" + "".join(f"{1e3 * seconds[each] / n_fits:18.1f}" for each in contestants))


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main()
