"""Exercise: the radius of the ellipsoid that holds a given share of a Gaussian."""

import numpy as np

from gmm_lab.exercises import reading
from gmm_lab.exercises.cases import Case
from gmm_lab.exercises.diagnoses import slips_of
from gmm_lab.exercises.exercise import Exercise

PART = "the radius"


def _cases(rng):
    yield Case(
        "90 % in 1-D", (0.9, 1), "there is one dimension.", by_hand="the quantile is 2.7055, and its root 1.6449."
    )
    yield Case("90 % in 3-D", (0.9, 3), "there are three dimensions.")
    for n_dimensions in (1, 2, 3, 5):
        mass = float(rng.uniform(0.3, 0.85))
        yield Case(f"another mass in {n_dimensions}-D", (mass, n_dimensions), "the mass is not 90 %.")


def _read(answer, case):
    return {PART: reading.array(answer, "The radius", (), ())}


def _solve(mass, n_dimensions, dimensions="", root="", share=""):
    from scipy.stats import chi2, norm

    df = {
        "": n_dimensions,
        "as in one dimension": 1,
        "one degree of freedom too few": n_dimensions - 1,
        "one degree of freedom too many": n_dimensions + 1,
        "always two dimensions": 2,
        "always three dimensions": 3,
    }[dimensions]
    mass = {"always 90 %": 0.9, "what is left outside": 1 - mass, "half of what is left outside": (1 + mass) / 2}.get(
        share, mass
    )
    if share == "one-sided":
        return {PART: np.array(norm.ppf(mass))}
    if share == "box":
        return {PART: np.array(norm.ppf((1 + mass ** (1 / n_dimensions)) / 2))}
    if share == "exchanged":
        mass, df = n_dimensions, mass
    if root == "probability, not quantile":
        return {PART: np.array(chi2.cdf(mass, df))}
    if root == "root of a probability":
        return {PART: np.array(np.sqrt(chi2.cdf(mass, df)))}
    if root == "root inside":
        return {PART: np.array(chi2.ppf(np.sqrt(mass), df))}
    if root == "root of the mass":
        return {PART: np.array(np.sqrt(mass))}
    squared = chi2.ppf(mass, df)
    power = {"squared radius": 1, "root of the D-th kind": 1 / n_dimensions}.get(root, 0.5)
    return {PART: np.array(squared / 2 if root == "half, not root" else squared**power)}


radius = Exercise(
    name="radius",
    signature="my_radius(mass, n_dimensions)",
    axes={PART: ()},
    cases=_cases,
    read=_read,
    solve=_solve,
    slips=slips_of("radius"),
)
