"""A fit: EM from one start or several, run until the log-likelihood stops growing."""

import warnings
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from gmm_lab.algorithm import Step, em, m_step
from gmm_lab.initialise import STARTS
from gmm_lab.mixture import Mixture
from gmm_lab.validation import generator, points_array, real_number, whole_number


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """What `fit` returns: every step from the start to the last mixture.

    The log-likelihood belongs to the mixture that stands beside it, in each step and in the result. scikit-learn's
    final parameters are one M-step past its last `lower_bound_`, so its mixture after n iterations is our step n, and
    that bound, a mean per point, is our step n - 1.
    """

    steps: tuple[Step, ...]
    converged: bool

    def __repr__(self):
        ending = "converged" if self.converged else "not converged"
        return f"<Fit: {ending} after {self.n_iterations} iterations, log-likelihood {self.log_likelihood:.6g}>"

    @property
    def mixture(self) -> Mixture:
        return self.steps[-1].mixture

    @property
    def log_likelihood(self) -> float:
        return self.steps[-1].log_likelihood

    @property
    def n_iterations(self) -> int:
        return len(self.steps) - 1

    @cached_property
    def log_likelihoods(self) -> np.ndarray:
        """The log-likelihood of every step, (n_iterations + 1,), the start's first."""
        return np.array([step.log_likelihood for step in self.steps])

    @property
    def responsibilities(self) -> np.ndarray:
        return self.steps[-1].responsibilities


def fit(
    points,
    n_components,
    *,
    start="k-means++",
    tol=1e-6,
    max_iter=500,
    n_init=1,
    reg_covar=1e-6,
    rng=0,
) -> Fit:
    """Fit a Gaussian mixture by EM and return every step of the best of `n_init` runs.

    points : (N, D), at least one for each of the `n_components`.
    start : "k-means++", "random" (means uniform in the data's box) or a Mixture.
    tol : stop when the log-likelihood per point changes by less than this, in nats.
    max_iter : the most iterations of a run; the result then has converged=False, and one warning says so.
    n_init : number of runs, each from a child seed of its own.
    reg_covar : added to every variance, in squared units of the data.
    rng : a np.random.Generator or a seed. Raises ValueError or TypeError saying what was expected.
    """
    points = points_array(points)
    n_components = whole_number(n_components, "n_components", 1)
    tol = real_number(tol, "tol", 0, 1e-6)
    max_iter = whole_number(max_iter, "max_iter", 1)
    starts = _starts(points, n_components, start, n_init, reg_covar, rng)
    runs = (_run(points, mixture, tol, max_iter, reg_covar) for mixture in starts)
    best = max(runs, key=lambda run: run.log_likelihood)
    if not best.converged:
        gain = (best.log_likelihoods[-1] - best.log_likelihoods[-2]) / len(points)
        warnings.warn(
            f"EM has not converged after {max_iter} iterations: the last one gained {gain:.3g} nats a point, and tol is"
            f" {tol:g}. Raise max_iter or tol",
            RuntimeWarning,
            stacklevel=2,
        )
    return best


def _starts(points, n_components, start, n_init, reg_covar, rng):
    if len(points) < n_components:
        raise ValueError(
            f"points has {len(points)} rows, but n_components is {n_components}:"
            " give more points or ask for fewer components"
        )
    n_init = whole_number(n_init, "n_init", 1)
    reg_covar = real_number(reg_covar, "reg_covar", 0, 1e-6)
    children = generator(rng).spawn(n_init)
    if isinstance(start, Mixture):
        if start.n_components != n_components or start.n_dimensions != points.shape[1] or n_init != 1:
            raise ValueError(
                f"start is {start!r}, but n_components is {n_components}, points has shape {points.shape} and n_init is"
                f" {n_init}: give a mixture that fits, and leave n_init at 1, since the runs would all be the same"
            )
        return [start]
    if not isinstance(start, str) or start not in STARTS:
        raise ValueError(f"start is {start!r}, but one of {', '.join(map(repr, STARTS))} or a Mixture was expected")
    return [STARTS[start](points, n_components, reg_covar=reg_covar, rng=child) for child in children]


def _run(points, start, tol, max_iter, reg_covar):
    steps = []
    for step in em(points, start, m_step=partial(m_step, reg_covar=reg_covar)):
        steps.append(step)
        if len(steps) > 1 and abs(step.log_likelihood - steps[-2].log_likelihood) / len(points) < tol:
            return Fit(tuple(steps), converged=True)
        if len(steps) > max_iter:
            return Fit(tuple(steps), converged=False)
