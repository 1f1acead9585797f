"""How far two mixtures are apart."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gmm_lab.mixture import Mixture


def bhattacharyya(first: "Mixture", second: "Mixture") -> np.ndarray:
    """Return the distances between the components of two mixtures, (K, K)."""
    between = (first.covariances[:, None] + second.covariances) / 2
    differences = first.means[:, None] - second.means
    mahalanobis = (differences * np.linalg.solve(between, differences[..., None])[..., 0]).sum(axis=-1)
    log_det = np.linalg.slogdet(between)[1]
    log_dets = np.linalg.slogdet(first.covariances)[1][:, None] + np.linalg.slogdet(second.covariances)[1]
    return mahalanobis / 8 + (log_det - log_dets / 2) / 2
