"""Answers to the exercise radius: mass, n_dimensions -> radius."""

import numpy as np
from scipy.stats import chi2, norm

from answers.registry import right, wrong


@right("radius")
def by_chi_square(mass, n_dimensions):
    return np.sqrt(chi2.ppf(mass, df=n_dimensions))


@right("radius")
def by_chi(mass, n_dimensions):
    from scipy.stats import chi

    return chi.ppf(mass, n_dimensions)


@right("radius")
def by_gamma(mass, n_dimensions):
    from scipy.special import gammaincinv

    return float((2 * gammaincinv(n_dimensions / 2, mass)) ** 0.5)


@right("radius")
def by_bisection(mass, n_dimensions):
    low, high = 0.0, 100.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if chi2.cdf(middle**2, n_dimensions) < mass else (low, middle)
    return middle


@wrong("radius", "as in one dimension")
def two_sided_bell(mass, n_dimensions):
    return norm.ppf((1 + mass) / 2)


@wrong("radius", "one degree of freedom too few")
def unbiased(mass, n_dimensions):
    return np.sqrt(chi2.ppf(mass, n_dimensions - 1))


@wrong("radius", "squared radius")
def no_root(mass, n_dimensions):
    return chi2.ppf(mass, n_dimensions)


@wrong("radius", "what is left outside")
def tail(mass, n_dimensions):
    return np.sqrt(chi2.isf(mass, n_dimensions))


@wrong("radius", "probability, not quantile")
def distribution(mass, n_dimensions):
    return chi2.cdf(mass, n_dimensions)


@wrong("radius", "root of a probability")
def root_of_distribution(mass, n_dimensions):
    return np.sqrt(chi2.cdf(mass, df=n_dimensions))


@wrong("radius", "exchanged")
def arguments_exchanged(mass, n_dimensions):
    return np.sqrt(chi2.ppf(n_dimensions, df=mass))


@wrong("radius", "root inside")
def root_of_the_mass(mass, n_dimensions):
    return chi2.ppf(np.sqrt(mass), n_dimensions)


@wrong("radius", "box")
def side_of_a_cube(mass, n_dimensions):
    return norm.ppf((1 + mass ** (1 / n_dimensions)) / 2)


@wrong("radius", "half, not root")
def power_without_brackets(mass, n_dimensions):
    return chi2.ppf(mass, n_dimensions) ** 1 / 2
