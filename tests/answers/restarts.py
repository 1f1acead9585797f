"""Answers to the exercise restarts: points, starts -> Fit."""

import numpy as np

from answers.registry import right, wrong
from gmm_lab import fit


def thinnest(run):
    return np.linalg.eigvalsh(run.mixture.covariances).min()


@right("restarts")
def best_so_far(points, starts):
    best = None
    for start in starts:
        run = fit(points, start.n_components, start=start)
        if thinnest(run) < 1e-6 * points.var():
            continue
        if best is None or run.log_likelihood > best.log_likelihood:
            best = run
    return best


@right("restarts")
def best_by_max(points, starts):
    fits = [fit(points, start.n_components, start=start) for start in starts]
    sound = [run for run in fits if np.sqrt(thinnest(run)) > 1e-3 * np.sqrt(points.var(axis=0).min())]
    return max(sound, key=lambda run: run.log_likelihood)


@right("restarts")
def best_by_sorting(points, starts):
    fits = [fit(points, s.n_components, start=s) for s in starts]
    return sorted(fits, key=lambda run: (run.mixture.covariances.min() > 1e-5, run.log_likelihoods[-1]))[-1]


@right("restarts")
def best_of_small_tolerance(points, starts):
    fits = [fit(points, len(start.weights), start=start, tol=1e-8, max_iter=5000) for start in starts]
    needles = [thinnest(run) < 1e-6 * points.var() for run in fits]
    return fits[
        int(np.argmax([run.steps[-1].log_likelihood - 1e9 * thin for run, thin in zip(fits, needles, strict=True)]))
    ]


@wrong("restarts", "needle kept")
def keeps_the_highest(points, starts):
    fits = [fit(points, start.n_components, start=start) for start in starts]
    return max(fits, key=lambda run: run.log_likelihood)


@wrong("restarts", "first start")
def returns_too_early(points, starts):
    for start in starts:
        return fit(points, start.n_components, start=start)


@wrong("restarts", "last start")
def keeps_the_last(points, starts):
    for start in starts:
        best = fit(points, start.n_components, start=start)
    return best


@wrong("restarts", "lowest end")
def keeps_the_lowest(points, starts):
    fits = [fit(points, s.n_components, start=s) for s in starts]
    return min((run for run in fits if thinnest(run) > 1e-6 * points.var()), key=lambda run: run.log_likelihood)


@wrong("restarts", "nearest to 0")
def keeps_the_smallest_size(points, starts):
    fits = [fit(points, s.n_components, start=s) for s in starts]
    return min((run for run in fits if thinnest(run) > 1e-6 * points.var()), key=lambda run: abs(run.log_likelihood))


@wrong("restarts", "best start, not best end")
def judges_by_the_start(points, starts):
    sound = [s for s in starts if thinnest(fit(points, s.n_components, start=s)) > 1e-6 * points.var()]
    start = max(sound, key=lambda start: start.log_density(points).sum())
    return fit(points, start.n_components, start=start)


@wrong("restarts", "no start leads there")
def starts_of_its_own(points, starts):
    return fit(points, starts[0].n_components, n_init=len(starts))


@wrong("restarts", "another start")
def without_the_first(points, starts):
    return best_so_far(points, starts[1:])


@wrong("restarts", "another start")
def without_the_last(points, starts):
    return best_so_far(points, starts[:-1])
