"""What can be wrong with a run of EM: a fall, a plateau, a needle."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from gmm_lab.distances import bhattacharyya
from gmm_lab.mixture import Mixture

if TYPE_CHECKING:
    from gmm_lab.fitting import Fit
    from gmm_lab.sources import Source

ROUNDING = 1e-11  # of a log-likelihood, or nats a point: less is no gain and no fall
ALIKE = 0.01  # Bhattacharyya distance: nobody sees that two components are not one
SMALL = 1e-3  # of a column's variance: a larger reg_covar is meant to shape the components
HELD_UP = 2  # a needle: where no more than half of a component's variance along some direction is the points' own


def warnings_of(run: "Fit", source: "Source", tol: float, max_iter: int, added: np.ndarray) -> Iterator[str]:
    """Yield what the caller should know of a run."""
    gains = np.diff(run.log_likelihoods)
    n_points = source.n_points
    if run.interrupted:
        yield (
            f"interrupted: the best so far, after {run.n_iterations} iterations, is returned. To go on from there, use"
            " start=result.mixture"
        )
    if gains.min() < -n_points * max(tol, ROUNDING):
        yield (
            f"the log-likelihood fell by {-gains.min():.3g} nats in iteration {gains.argmin() + 1}, and exact EM never"
            " falls: the points are nearly flat along some direction, or reg_covar is large beside their variances."
            " Drop constant or repeated columns, use fewer components, or another reg_covar"
        )
    if pair := alike(run.mixture):
        yield (
            f"components {pair[0] + 1} and {pair[1] + 1} are the same, a plateau on which EM gains next to nothing: use"
            " another start, more runs (n_init=10), or fewer components"
        )
    elif not run.converged and not run.interrupted:
        yield (
            f"EM has not converged after {max_iter} iterations: the last one gained {gains[-1] / n_points:.3g} nats a"
            f" point, and tol is {tol:g}. Raise max_iter or tol"
        )
    if thin := needles(run.mixture, source, added):
        counts = run.mixture.weights * n_points
        told = " and ".join(f"component {k + 1} ({counts[k]:.1f} points)" for k in thin)
        yield (
            f"{told} {'have' if len(thin) > 1 else 'has'} no variance along some direction but that of"
            " reg_covar: a needle, whose high likelihood means nothing. Look at its points, such as an outlier or equal"
            " values; use fewer components, more runs (n_init=10), or a larger reg_covar"
        )


def needles(mixture: Mixture, source: "Source", added: np.ndarray) -> list[int]:
    """Return which components are needles, counted from 0: a criterion free of units."""
    varied = ~source.constant & (added > 0) & (added < SMALL * source.variances)
    if not varied.any():
        return []
    roots = np.sqrt(added[varied])
    own = mixture.covariances[:, varied][:, :, varied] / np.outer(roots, roots)
    return np.flatnonzero(np.linalg.eigvalsh(own)[:, 0] < HELD_UP).tolist()


def alike(mixture: Mixture) -> tuple[int, int] | None:
    """Return two components that are the same but for less than can be seen, counted from 0, or None."""
    distances = bhattacharyya(mixture, mixture) + np.diag(np.full(mixture.n_components, np.inf))
    return tuple(np.unravel_index(distances.argmin(), distances.shape)) if distances.min() < ALIKE else None
