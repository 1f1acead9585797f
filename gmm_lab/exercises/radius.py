"""Exercise: the radius of the ellipsoid that holds a given mass of a Gaussian."""

from collections.abc import Iterator

import numpy as np
import scipy

from gmm_lab.exercises.engine import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield masses and numbers of dimensions: those of the lesson, and others drawn anew."""
    yield Case(
        "90 % in 1-D", (0.9, 1), "there is one dimension.", by_hand="the quantile is 2.7055, and its root 1.6449."
    )
    yield Case("90 % in 3-D", (0.9, 3), "there are three dimensions.")
    for n_dimensions in (1, 2, 3, 5):
        mass = float(rng.uniform(0.3, 0.85))
        yield Case(f"another mass in {n_dimensions}-D", (mass, n_dimensions), "the mass is not 90 %.")


exercise = Exercise(
    "radius",
    "my_radius(mass, n_dimensions)",
    "1.5 (4)",
    parts={"the radius": ("radius",)},
    cases=cases,
    read=lambda answer, array, *given: {"the radius": array("the radius", answer, "The radius")},
    hints={
        "the radius": """
(4) asks for a *quantile*: the number below which a given fraction of the squared distances lies. In SciPy it is called
`ppf`.

`chi2.ppf(mass, df=...)` is the squared distance below which a fraction `mass` of them lies. How many squares are added
up in a squared distance?

There are as many degrees of freedom as dimensions. Take the root of the quantile.""",
    },
)

df = exercise.stage("df", lambda n_dimensions: n_dimensions)
df.slip("as in one dimension", lambda: 1).told("""
This is the radius of one dimension, whatever the number of dimensions. A point has to be close along every axis at
once: give the chi-square distribution `df=n_dimensions`.""")
df.slip("one degree of freedom too few", lambda n_dimensions: n_dimensions - 1).told("""
This is the radius for one dimension less. The squared distance is a sum of D squares, so it has D degrees of freedom,
not D - 1.""")
df.slip("one degree of freedom too many", lambda n_dimensions: n_dimensions + 1).told("""
This is the radius for one dimension more. The squared distance is a sum of D squares: D degrees of freedom.""")
df.slip("always two dimensions", lambda: 2).told("""
This is the radius of two dimensions, whatever their number. Give `df=n_dimensions`.""")
df.slip("always three dimensions", lambda: 3).told("""
This is the radius of three dimensions, whatever their number. Give `df=n_dimensions`.""")

below = exercise.stage("below", lambda mass: mass)
below.slip("always 90 %", lambda: 0.9).told("This is the radius for 90 %, whatever the mass. Use the argument `mass`.")
below.slip("what is left outside", lambda mass: 1 - mass).told("""
This ellipsoid *leaves out* the mass that it should hold. Ask for the quantile of `mass`, not of what is above it.""")
below.slip("half of what is left outside", lambda mass: (1 + mass) / 2).told("""
This is the radius for (1 + mass) / 2. Half of the rest on either side is for a line; the chi-square distribution counts
distances, which have one side only: ask for the quantile of `mass`.""")
below.slip("one-sided", radius=lambda mass: scipy.stats.norm.ppf(mass)).told("""
This is the quantile of a bell curve that leaves out one side only. A radius reaches both ways, in every dimension: take
the chi-square distribution.""")
below.slip("box", radius=lambda mass, n_dimensions: scipy.stats.norm.ppf((1 + mass ** (1 / n_dimensions)) / 2)).told("""
These are the numbers of a box around the mean that holds the mass: so far along every axis. An ellipsoid is asked for:
take the chi-square distribution.""")
below.slip("exchanged", lambda n_dimensions: n_dimensions, df=lambda mass: mass).told("""
if mass and number of dimensions are exchanged. First the mass, then `df=n_dimensions`.""")

exercise.stage("squared", lambda below, df: scipy.stats.chi2.ppf(below, df))
radius = exercise.stage("radius", lambda squared: np.sqrt(squared))
radius.slip("squared radius", lambda squared: squared).told("""
This is the square of the radius. The chi-square distribution is that of the *squared* distance: take the root.""")
radius.slip("probability, not quantile", lambda below, df: scipy.stats.chi2.cdf(below, df)).told("""
This is a probability. The question is the other way round: not what is below a given radius, but the radius below which
a given fraction lies. That is the quantile, `chi2.ppf`.""")
radius.slip("root of the mass", lambda below: np.sqrt(below)).told("""
This is the root of the mass itself. Take the root of the quantile.""")
radius.slip("root of a probability", lambda below, df: np.sqrt(scipy.stats.chi2.cdf(below, df))).told("""
This is the root of a probability, `chi2.cdf`. The question is the other way round: below which squared distance does a
given fraction lie? That is the quantile, `chi2.ppf`.""")
radius.slip("root inside", lambda below, df: scipy.stats.chi2.ppf(np.sqrt(below), df)).told("""
The root is taken of the mass, and belongs around the quantile.""")
radius.slip("root of the D-th kind", lambda squared, n_dimensions: squared ** (1 / n_dimensions)).told("""
if the D-th root is taken. A squared distance wants the square root, in any number of dimensions.""")
radius.slip("half, not root", lambda squared: squared / 2).told("""
This is half of the quantile, and not its root: `x ** 1 / 2` is read as `(x ** 1) / 2`. Use `np.sqrt`.""")
