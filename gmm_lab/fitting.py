"""A fit: EM from one start or several, run until the log-likelihood stops growing."""

import warnings
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from gmm_lab.algorithm import Step
from gmm_lab.diagnostics import ROUNDING, alike, needles, warnings_of
from gmm_lab.initialise import starts_of
from gmm_lab.mixture import Mixture
from gmm_lab.scale import ridge
from gmm_lab.sources import source_of
from gmm_lab.statistics import climb
from gmm_lab.validation import Points, Rng, real_number, whole_number


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """What `fit` returns: every step from the start to the last mixture.

    The log-likelihood belongs to the mixture that stands beside it, in each step and in the result. scikit-learn's
    final parameters are one M-step past its last `lower_bound_`, so its mixture after n iterations is our step n, and
    that bound, a mean per point, is our step n - 1.
    steps : n_iterations + 1 of them, the start first.  converged : stopped by `tol`, and not on a plateau.
    interrupted : somebody did not want to wait for more.
    """

    steps: tuple[Step, ...]
    converged: bool
    interrupted: bool = False

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
        What does not fit into memory is given in blocks: a list of arrays (n, D), such as np.load(path, mmap_mode="r"),
        or a function that returns blocks anew each time it is called, such as
        lambda: pandas.read_csv(path, chunksize=100_000). A Dask array or data frame is passed over where it lies.
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
    rng : a np.random.Generator or a seed.
    progress : show a bar with a tick for each iteration.
    Of more than 8,192 points, as many, drawn at random, tell the scale and where to start. An interrupt (Ctrl-C, or
    "stop" in a notebook) ends the fit at the last whole iteration, and the best run so far is returned.
    Warns (RuntimeWarning) where the best run was interrupted, has not converged, fell, or has a needle. Raises
    ValueError or TypeError saying what was expected.

    >>> from gmm_lab import datasets
    >>> result = fit(datasets.old_faithful(), n_components=2)
    >>> result
    <Fit: converged after 5 iterations, log-likelihood -1130.26>
    >>> print(result.mixture.means.round(1).tolist())
    [[4.3, 80.0], [2.0, 54.5]]
    """
    n_components = whole_number(n_components, "n_components", 1)
    tol = real_number(tol, "tol", 0, 1e-6)
    max_iter = whole_number(max_iter, "max_iter", 1)
    n_init = whole_number(n_init, "n_init", 1)
    source = source_of(points)
    added = ridge(source.view.rows, reg_covar)
    draws = starts_of(source, n_components, start, n_init, added, rng)
    best = _best(source, draws, tol, max_iter, added, progress)
    for warning in warnings_of(best, source, tol, max_iter, added):
        warnings.warn(warning, RuntimeWarning, stacklevel=2)
    return best


def _best(source, draws, tol, max_iter, added, progress):
    """Return the best run, each from a start that is drawn for it; of those before an interrupt, where there is one."""
    best, failures = None, []
    for number, draw in enumerate(draws, start=1):
        try:
            run = _run(source, draw, tol, max_iter, added, f"run {number} of {len(draws)}" if progress else None)
        except ValueError as error:
            failures.append(error)
            continue
        except KeyboardInterrupt:
            if best is None:
                raise
            run = replace(best, interrupted=True)
        best = max(filter(None, (run, best)), key=partial(_rank, source=source, added=added))
        if run.interrupted:
            best = replace(best, interrupted=True)
            break
    if best is None:
        if len(draws) == 1:
            raise failures[0]
        raise ValueError(f"all of the {len(draws)} runs failed, the first because {failures[0]}") from failures[0]
    return best


def _rank(run, source, added):
    return alike(run.mixture) is None, not needles(run.mixture, source, added), run.log_likelihood


@np.errstate()  # NumPy's settings are as before, also where an interrupt comes while NumPy changes them
def _run(source, draw, tol, max_iter, added, title):
    steps = []
    try:
        for step in _shown(climb(source, draw(), added), title):
            steps.append(step)
            if len(steps) > 1:
                total = step.log_likelihood
                gain, rounding = total - steps[-2].log_likelihood, ROUNDING * max(abs(total), source.n_points)
                if -rounding <= gain < max(tol * source.n_points, rounding):
                    plateau = alike(step.mixture) is not None
                    if not plateau or gain <= rounding:
                        return Fit(tuple(steps), converged=not plateau)
            if len(steps) > max_iter:
                return Fit(tuple(steps), converged=False)
    except KeyboardInterrupt:
        if len(steps) < 2:
            raise
        return Fit(tuple(steps), converged=False, interrupted=True)


def _shown(steps, title):
    """Return the steps, with a bar that counts the iterations where there is a title for it."""
    if title is None:
        return steps
    from tqdm.auto import tqdm

    return tqdm(steps, desc=title, unit=" iterations")
