"""Expectation-maximisation: the E-step, the M-step, and the loop."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from gmm_lab.log_space import log_sum_exp, shares
from gmm_lab.mixture import Mixture
from gmm_lab.scale import EPSILON, ridge
from gmm_lab.validation import Numbers, Points, instance, names_of, points_array, real_array

if TYPE_CHECKING:
    from gmm_lab.fitting import Fit

History: TypeAlias = "Fit | list[Step] | tuple[Step, ...]"

EMPTY = 1e-100  # a component whose responsibilities sum to less has no points left


@dataclass(frozen=True, eq=False, repr=False)
class Step:
    """One EM iteration's state: a mixture, and the log-likelihood (total, in nats) of `points` under it.

    points : (N, D) in the data's own units, or a sample of them where they don't fit into memory.
    columns : the names of their D columns, where they brought some along.
    n_points : how many points the log-likelihood is of; None: as many as there are in `points`.
    """

    points: np.ndarray
    mixture: Mixture
    log_likelihood: float
    columns: tuple[str, ...] | None = None
    n_points: int | None = None

    def __post_init__(self):
        if self.n_points is None and (isinstance(self.points, list | tuple) or getattr(self.points, "ndim", 0)):
            object.__setattr__(self, "n_points", len(self.points))

    def __repr__(self):
        return f"<Step: log-likelihood {self.log_likelihood:.6g} under {self.mixture!r}>"

    @property
    def responsibilities(self) -> np.ndarray:
        """The posterior of each component given each point, (N, K), computed anew when asked for."""
        return self.mixture.predict_proba(self.points)


def steps_of(history: History) -> tuple[Step, ...]:
    """Return the steps of a Fit, or of a list of steps, of which there must be at least one."""
    steps = getattr(history, "steps", history)
    if not isinstance(steps, list | tuple) or not steps or not all(isinstance(step, Step) for step in steps):
        raise TypeError(
            f"history is {history!r:.80}, but a Fit or a list of at least one Step was expected:"
            " try fit(points, 3), or list(itertools.islice(em(points, start), 10))"
        )
    return tuple(steps)


def e_step(points: Points, mixture: Mixture) -> tuple[np.ndarray, float]:
    """Return the responsibilities, (N, K), and the log-likelihood, total in nats (Bishop, PRML, 9.23 and 9.28).

    points : (N, D).  Raises ValueError where points and mixture disagree on D, TypeError where points aren't numbers.

    >>> mixture = Mixture(weights=[0.5, 0.5], means=[[0], [4]], covariances=[[[1]], [[1]]])
    >>> responsibilities, log_likelihood = e_step([[0], [2], [3]], mixture)
    >>> print(responsibilities.round(3))
    [[1.    0.   ]
     [0.5   0.5  ]
     [0.018 0.982]]
    >>> round(log_likelihood, 3)
    -6.625
    """
    instance(mixture, Mixture, "mixture", "Mixture(weights, means, covariances)")
    return expectation(points_array(points, mixture.n_dimensions), mixture)


def expectation(points: np.ndarray, mixture: Mixture) -> tuple[np.ndarray, float]:
    """Return the same as `e_step`, for points that were checked before."""
    log_joint = mixture.log_joint_of(points)
    return shares(log_joint), float(log_sum_exp(log_joint).sum())


def m_step(points: Points, responsibilities: Numbers, *, reg_covar: float | np.ndarray | None = None) -> Mixture:
    """Return the mixture that maximises the expected log-likelihood (Bishop, PRML, 9.24-9.27).

    points : (N, D) in the data's own units.  responsibilities : (N, K), rows sum to 1.
    reg_covar : added to every variance, in squared units of the data, one number or (D,); keeps a component from
        collapsing. None: the square of 1e-5 times each column's interquartile range, whatever the units.
    Raises ValueError where a component has no points left, saying which and what to try.

    >>> mixture = m_step([[0], [2], [3]], [[1, 0], [0.5, 0.5], [0, 1]])
    >>> print(mixture.means.round(3).tolist(), mixture.weights)
    [[0.667], [2.667]] [0.5 0.5]
    """
    points = points_array(points)
    return maximisation(points, _responsibilities_array(responsibilities, len(points)), ridge(points, reg_covar))


def maximisation(points: np.ndarray, responsibilities: np.ndarray, added: np.ndarray) -> Mixture:
    """Return the same as `m_step`, for what was checked before; added : to each column's variance, (D,)."""
    return mixture_of(*moments(points, responsibilities), added)


def moments(points: np.ndarray, responsibilities: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each component's count, (K,), mean, (K, D), and covariance, (K, D, D); zeros where it has no points."""
    counts = responsibilities.sum(axis=0)  # (9.27)
    shares = np.divide(responsibilities, counts, out=np.zeros_like(responsibilities), where=counts >= EMPTY)
    means = shares.T @ points  # (9.24)
    covariances = np.empty((len(counts), points.shape[1], points.shape[1]))
    for k, mean in enumerate(means):
        difference = (points - mean).T  # (D, N)
        covariances[k] = (shares[:, k] * difference) @ difference.T  # (9.25)
    return counts, means, covariances


def mixture_of(counts: np.ndarray, means: np.ndarray, covariances: np.ndarray, added: np.ndarray) -> Mixture:
    """Return the mixture with these moments of its components, `added` to each column's variance, (D,)."""
    if counts.min() < EMPTY:
        raise ValueError(
            f"component {counts.argmin() + 1} has no points left: its responsibilities sum to {counts.min():.3g}."
            " Use fewer components, or start it nearer to the points or with a larger covariance"
        )
    covariances = covariances + np.diag(added)
    flat = np.diagonal(covariances, axis1=1, axis2=2) <= np.square(EPSILON * np.abs(means))
    if flat.any():
        k, d = np.argwhere(flat)[0]
        raise ValueError(
            f"component {k + 1} is flat: all its points have the same value in column {d + 1}. Drop a constant column,"
            " use fewer components, or a larger reg_covar"
        )
    return Mixture.of(counts / counts.sum(), means, covariances)  # (9.26)


def _responsibilities_array(responsibilities, n_points):
    responsibilities = np.asfortranarray(real_array(responsibilities, "responsibilities", "(N, K)"))
    if len(responsibilities) != n_points:
        raise ValueError(
            f"responsibilities has shape {responsibilities.shape}, but there are {n_points} points:"
            " give one row for each point and one column for each component"
        )
    sums = responsibilities.sum(axis=1)
    wrong = int(np.abs(sums - 1).argmax())
    if responsibilities.min() < 0 or abs(sums[wrong] - 1) > 1e-6:
        raise ValueError(
            f"responsibilities hold a value of {responsibilities.min():.3g} and row {wrong} sums to {sums[wrong]:.9g},"
            " but each row must hold shares that sum to 1: divide each row by its sum"
        )
    return responsibilities


def em(points: Points, start: Mixture, *, e_step: Callable = e_step, m_step: Callable = m_step) -> Iterator[Step]:
    """Yield the steps of EM from the mixture `start` on, without end: the caller decides when to stop, as `fit` does.

    The first step is `start` itself. Any functions with the signatures of `e_step` and `m_step` can take their places:
    one is called as e_step(points, mixture), with the points as floats, (N, D), whatever they came in, and a Mixture;
    it returns what the other is called with, m_step(points, responsibilities), and that returns the next Mixture.

    >>> from itertools import islice
    >>> from gmm_lab import datasets
    >>> for step in islice(em(datasets.eight_points(), datasets.eight_points_start()), 3):
    ...     print(f"{step.log_likelihood:.3f}")
    -37.755
    -26.833
    -26.436
    """
    return iterate(points_array(points), names_of(points), start, e_step, m_step)


def iterate(
    points: np.ndarray, columns: tuple[str, ...] | None, start: Mixture, e_step: Callable, m_step: Callable
) -> Iterator[Step]:
    """Yield the same as `em`, for points that were checked before, with the names that they brought along."""
    mixture = start
    while True:
        responsibilities, log_likelihood = e_step(points, mixture)
        yield Step(points, mixture, log_likelihood, columns)
        mixture = m_step(points, responsibilities)
