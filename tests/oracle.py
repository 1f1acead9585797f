"""The explorers as they stand in the lessons, and what each has to say at any settings, computed another way."""

from functools import cache

import numpy as np
from scipy.spatial.distance import mahalanobis
from scipy.spatial.transform import Rotation
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from gmm_lab import Mixture, datasets, e_step, explorers, fit

TRUTH, CLOUDS = datasets.three_gaussians_truth(), datasets.three_gaussians()
SIX, GUESS, PENGUINS = datasets.eight_points(), datasets.eight_points_start(), datasets.penguins()
LARGE = Mixture([1 / 3] * 3, [[0, 0, 0.5], [0, 0, 0], [0, 0, -0.5]], [0.15 * np.eye(3)] * 3)
HALF_WAY = "\0"  # what comes after it in a text is not held against anything
BEST = fit(PENGUINS.points, 3, start="k-means++", n_init=10)

EXPLORERS = {
    "01_data_generation": lambda: explorers.mixture(TRUTH),
    "02_density": lambda: explorers.density(CLOUDS.points, TRUTH, CLOUDS.columns),
    "03_e_step": lambda: explorers.e_step(CLOUDS.points, LARGE, CLOUDS.columns),
    "04_m_step": lambda: explorers.m_step(SIX.points, e_step(SIX.points, GUESS)[0], SIX.columns),
    "05_convergence": lambda: explorers.em(PENGUINS.points, 3, PENGUINS.columns),
    "06_animation": lambda: explorers.animation(BEST, "explored.gif", PENGUINS.columns),
}


def expected(name, settings):
    """Return what the caption of a lesson's explorer must hold."""
    return ORACLES[name](**settings)


def mixture(n_points, seed, turn, tilt, **settings):
    sliders = np.array([settings[f"weight_{k}"] for k in (1, 2, 3)])
    means = np.vstack([[settings[f"mean_{axis}"] for axis in "xyz"], TRUTH.means[1:]])
    rotation = Rotation.from_euler("yz", [tilt, turn], degrees=True).as_matrix()
    covariance = rotation @ np.diag([settings[f"length_{axis}"] ** 2 for axis in (1, 2, 3)]) @ rotation.T
    covariances = np.concatenate([[covariance], TRUTH.covariances[1:]])
    labels = Mixture(sliders / sliders.sum(), means, covariances).sample(n_points, rng=seed)[1]
    weights = ", ".join(f"{slider / sliders.sum():.3f}" for slider in sliders)
    return [
        f"the weights are {weights}.",
        f"around ({', '.join(f'{value:.3g}' for value in means[0])})",
        f"x, y, z: {', '.join(f'{value:.4f}' for value in np.diag(covariance))}.",
        f"each component: {', '.join(str((labels == k).sum()) for k in range(3))}, of {n_points}.",
    ]


def density(**settings):
    place = np.array([settings[f"place_{d}"] for d in range(3)])
    components = list(zip(TRUTH.means, TRUTH.covariances, strict=True))
    logs = [multivariate_normal(mean, covariance).logpdf(place) for mean, covariance in components]
    distances = [mahalanobis(place, mean, np.linalg.inv(covariance)) for mean, covariance in components]
    told = [
        f"component {k}: Mahalanobis distance {distance:.4g}, log-density {log:.5g};"
        for k, (distance, log) in enumerate(zip(distances, logs, strict=True), start=1)
    ]
    total = logsumexp(logs, b=TRUTH.weights)
    plain = np.exp(logs + np.log(TRUTH.weights)).sum()
    told.append(f"plain exp and log: {np.log(plain):.5g};" if plain > 0 else "underflows")
    return [*told, f"log-sum-exp: {total:.5g}."]


def e_step_explorer(component, size, point, **settings):
    means, covariances = LARGE.means.copy(), LARGE.covariances.copy()
    means[component - 1] += [settings[f"move_{d}"] for d in range(3)]
    covariances[component - 1] *= size**2
    logs = [multivariate_normal(mean, cov).logpdf(CLOUDS.points) for mean, cov in zip(means, covariances, strict=True)]
    shares = np.exp(logs - logsumexp(logs, axis=0)).T
    counts = np.bincount(shares.argmax(axis=1), minlength=3)
    return [
        f"Point {point} at",
        f"responsibilities {', '.join(f'{share:.4f}' for share in shares[point - 1])}.",
        "Most responsible: " + ", ".join(f"component {k} for {n}" for k, n in enumerate(counts, 1)) + " of 1500 points",
    ]


def m_step_explorer(**settings):
    first = np.array([settings[f"responsibility_{n}"] for n in range(1, 9)])
    told = []
    for k, shares in enumerate((first, 1 - first), start=1):
        if shares.sum() < 1e-100:
            return [f"Component {k} has no points left"]
        mean = ", ".join(rounded(value, ".3g") for value in np.average(SIX.points, axis=0, weights=shares))
        text = f"component {k} of weight {rounded(shares.mean(), '.3f')} around ({mean})"
        told.append(text.partition(HALF_WAY)[0])
    return told


def rounded(value, digits):
    """Return a number as text, or HALF_WAY where another sum of the same may be rounded otherwise."""
    below, above = (format(value * factor, digits) for factor in (1 - 1e-12, 1 + 1e-12))
    return below if below == above else HALF_WAY


@cache
def run(start, seed):
    return fit(PENGUINS.points, 3, start=start, rng=seed)


def em(half_step, start, seed, point, **_):
    steps = run(start, seed).steps
    last = len(steps) - 1
    half_step = min(half_step, 2 * last + 1)
    ends = np.array([run(start, other).log_likelihood for other in range(12)])
    told = [
        f"ends at {steps[-1].log_likelihood:.6g} after {last} iterations; {(ends > ends.max() - 1).sum()} of 12 seeds",
        f"the best, {ends.max():.6g}.",
    ]
    if half_step == 0:
        return [*told, "Start", f"Point {point} has no responsibilities yet."]
    colours = steps[(half_step - 1) // 2] if half_step < 2 * last + 1 else steps[-1]
    shares = e_step(PENGUINS.points, colours.mixture)[0][point - 1]
    told.append(f"responsibilities {', '.join(f'{share:.4f}' for share in shares)}.")
    if half_step == 2 * last + 1:
        return [*told, f"After {last} iterations:\nlog-likelihood {steps[-1].log_likelihood:.6g}"]
    if half_step % 2:
        iteration = (half_step + 1) // 2
        heading = f"Iteration {iteration}, E-step: each point is coloured anew"
        return [*told, f"{heading}:\nlog-likelihood {steps[iteration - 1].log_likelihood:.6g}"]
    weights = ", ".join(f"{weight:.3f}" for weight in steps[half_step // 2].mixture.weights)
    return [*told, f"Iteration {half_step // 2}, M-step", f"weights {weights}"]


def animation(frame, frames_per_second, mass, **_):
    delay = round(100 / frames_per_second) / 100
    seconds = (44 + 4 + 10) * delay  # 46 frames: the first stays four times as long, the last ten times
    return [f"Frame {frame} of 46; ellipsoids hold {100 * mass:g} % of each component; {seconds:.1f} s in all."]


ORACLES = {
    "01_data_generation": mixture,
    "02_density": density,
    "03_e_step": e_step_explorer,
    "04_m_step": m_step_explorer,
    "05_convergence": em,
    "06_animation": animation,
}
