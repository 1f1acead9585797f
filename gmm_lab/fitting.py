"""A fit: EM from one start or several, run until the log-likelihood stops growing."""

import warnings
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from gmm_lab.algorithm import Step, expectation, iterate, maximisation
from gmm_lab.diagnostics import ROUNDING, alike, needles, warnings_of
from gmm_lab.initialise import STARTS
from gmm_lab.mixture import Mixture
from gmm_lab.scale import ridge
from gmm_lab.validation import Points, Rng, generator, names_of, points_array, real_number, whole_number


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """What `fit` returns: every step from the start to the last mixture.

    The log-likelihood belongs to the mixture that stands beside it, in each step and in the result. scikit-learn's
    final parameters are one M-step past its last `lower_bound_`, so its mixture after n iterations is our step n, and
    that bound, a mean per point, is our step n - 1.
    steps : n_iterations + 1 of them, the start first.  converged : stopped by `tol`, and not on a plateau.
    """

    steps: tuple[Step, ...]
    converged: bool

    def __repr__(self):
        ending = "converged" if self.converged else "not converged"
        return f"<Fit: {ending} after {self.n_iterations} iterations, log-likelihood {self.log_likelihood:.6g}>"

    @property
    def mixture(self) -> Mixture:
        """The last step's mixture."""
        return self.steps[-1].mixture

    @property
    def log_likelihood(self) -> float:
        """The last step's log-likelihood, a total, in nats."""
        return self.steps[-1].log_likelihood

    @property
    def n_iterations(self) -> int:
        """How many M-steps lie between the start and the last step."""
        return len(self.steps) - 1

    @cached_property
    def log_likelihoods(self) -> np.ndarray:
        """The log-likelihood of every step, (n_iterations + 1,), in nats, the start's first."""
        return np.array([step.log_likelihood for step in self.steps])

    @property
    def responsibilities(self) -> np.ndarray:
        """The last step's responsibilities, (N, K); rows sum to 1."""
        return self.steps[-1].responsibilities


def fit(
    points: Points,
    n_components: int,
    *,
    start: str | Mixture = "short runs",
    tol: float = 1e-6,
    max_iter: int = 500,
    n_init: int = 1,
    reg_covar: float | np.ndarray | None = None,
    rng: Rng = 0,
    progress: bool = False,
) -> Fit:
    """Fit a Gaussian mixture by EM and return every step of the best of `n_init` runs.

    points : (N, D), at least one for each of the `n_components`; a Dataset or a data frame brings column names along.
    start : "short runs" (the best of four starts after five iterations), "k-means++" (the data's own covariance, means
        at points far apart), "random" (means uniform in the data's box) or a Mixture.
    tol : stop when an iteration gains less than this in log-likelihood per point, in nats. A fall is never taken for
        convergence, and neither is a plateau, where two components are the same and have yet to part.
    max_iter : the most iterations of a run; the result then has converged=False, and one warning says so.
    n_init : number of runs, each from a child seed of its own; a run that fails is left out. The best has the highest
        log-likelihood of those off a plateau and without a needle: a component that is held up by `reg_covar` alone
        along some direction, since its few points, or equal points, have no variance there.
    reg_covar : added to every variance, in squared units of the data, one number or (D,). None: the square of 1e-5
        times each column's interquartile range, so that a change of units changes nothing.
    rng : a np.random.Generator or a seed.  progress : show a bar with a tick for each iteration.
    Warns (RuntimeWarning) where the best run has not converged, fell, or has a needle. Raises ValueError or TypeError
    saying what was expected.

    >>> from gmm_lab import datasets
    >>> result = fit(datasets.old_faithful(), n_components=2)
    >>> result
    <Fit: converged after 5 iterations, log-likelihood -1130.26>
    >>> print(result.mixture.means.round(1).tolist())
    [[4.3, 80.0], [2.0, 54.5]]
    """
    columns, points = names_of(points), points_array(points)
    n_components = whole_number(n_components, "n_components", 1)
    tol = real_number(tol, "tol", 0, 1e-6)
    max_iter = whole_number(max_iter, "max_iter", 1)
    n_init = whole_number(n_init, "n_init", 1)
    added = ridge(points, reg_covar)
    best, failures = None, []
    for number, draw in enumerate(_starts(points, n_components, start, n_init, added, rng), start=1):
        try:
            run = _run(points, columns, draw(), tol, max_iter, added, f"run {number} of {n_init}" if progress else None)
        except ValueError as error:
            failures.append(error)
        else:
            best = max(filter(None, (best, run)), key=partial(_rank, added=added))
    if best is None:
        if n_init == 1:
            raise failures[0]
        raise ValueError(f"all of the {n_init} runs failed, the first because {failures[0]}") from failures[0]
    for warning in warnings_of(best, tol, max_iter, added):
        warnings.warn(warning, RuntimeWarning, stacklevel=2)
    return best


def _rank(run, added):
    return alike(run.mixture) is None, not needles(run, added), run.log_likelihood


def _starts(points, n_components, start, n_init, added, rng):
    """Return for each run what draws its start."""
    if len(points) < n_components:
        raise ValueError(
            f"points has {len(points)} rows, but n_components is {n_components}:"
            " give more points or ask for fewer components"
        )
    children = generator(rng).spawn(n_init)
    if isinstance(start, Mixture):
        if start.n_components != n_components or start.n_dimensions != points.shape[1] or n_init != 1:
            raise ValueError(
                f"start is {start!r}, but n_components is {n_components}, points has shape {points.shape} and n_init is"
                f" {n_init}: give a mixture that fits, and leave n_init at 1, since the runs would all be the same"
            )
        return [lambda: start]
    if not isinstance(start, str) or start not in STARTS:
        raise ValueError(f"start is {start!r}, but one of {', '.join(map(repr, STARTS))} or a Mixture was expected")
    return [partial(STARTS[start], points, n_components, reg_covar=added, rng=child) for child in children]


def _run(points, columns, start, tol, max_iter, added, title):
    steps = []
    for step in _shown(iterate(points, columns, start, expectation, partial(maximisation, added=added)), title):
        steps.append(step)
        if len(steps) > 1:
            total = step.log_likelihood
            gain, rounding = total - steps[-2].log_likelihood, ROUNDING * max(abs(total), len(step.points))
            if -rounding <= gain < max(tol * len(step.points), rounding):
                plateau = alike(step.mixture) is not None
                if not plateau or gain <= rounding:
                    return Fit(tuple(steps), converged=not plateau)
        if len(steps) > max_iter:
            return Fit(tuple(steps), converged=False)


def _shown(steps, title):
    """Return the steps, with a bar that counts the iterations where there is a title for it."""
    if title is None:
        return steps
    from tqdm.auto import tqdm

    return tqdm(steps, desc=title, unit=" iterations")
