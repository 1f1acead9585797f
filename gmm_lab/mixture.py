"""A mixture of Gaussians: weights, means and covariances, and what follows from them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gmm_lab.distances import bhattacharyya
from gmm_lab.log_space import LOG_2_PI, log_of, log_sum_exp, shares
from gmm_lab.validation import LARGEST, Points, Rng, finite, generator, instance, points_array, real_array, whole_number

ROUNDED = 1e-6  # what is off by less may come from single precision
FLAT = 1e-15  # of a variance: what is left of it given the other columns is rounding


@dataclass(frozen=True, eq=False, repr=False)
class Mixture:
    """A Gaussian mixture p(x) = sum_k weights[k] N(x | means[k], covariances[k]) (Bishop, PRML, 9.7).

    weights : (K,), not negative, summing to 1.  means : (K, D) in the data's units.
    covariances : (K, D, D), symmetric and positive definite, in squared units.
    The arrays are checked, copied and made read-only. Raises ValueError or TypeError saying what to mend.

    >>> mixture = Mixture(weights=[0.3, 0.7], means=[[0, 0], [4, 2]], covariances=[np.eye(2), np.eye(2)])
    >>> mixture
    <Mixture of 2 Gaussians in 2-D, weights 0.300, 0.700>
    >>> print(mixture.log_density([[0, 0], [2, 1]]).round(3), mixture.predict([[0, 0], [3, 1]]))
    [-3.042 -4.338] [0 1]
    """

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray

    def __post_init__(self):
        for name, shape in (("weights", "(K,)"), ("means", "(K, D)"), ("covariances", "(K, D, D)")):
            array = np.array(real_array(getattr(self, name), name, shape), order="C")
            object.__setattr__(self, name, array)
            array.flags.writeable = False
        self._check_shapes()
        self._check_weights()
        self._check_symmetric()
        self._check_positive_definite()

    @classmethod
    def of(cls, weights: np.ndarray, means: np.ndarray, covariances: np.ndarray) -> "Mixture":
        """Return the mixture of these arrays, which an M-step has made: only what data can spoil is checked."""
        if not covariances.max() <= LARGEST:
            finite(covariances, "covariances")
        mixture = object.__new__(cls)
        for name, array in {"weights": weights, "means": means, "covariances": covariances}.items():
            array.flags.writeable = False
            object.__setattr__(mixture, name, array)
        mixture._check_positive_definite()
        return mixture

    def _check_shapes(self):
        n_components, n_dimensions = self.means.shape
        if len(self.weights) != n_components:
            raise ValueError(
                f"weights has {len(self.weights)} values, but means has {n_components} rows:"
                " give one weight for each component"
            )
        if self.covariances.shape != (n_components, n_dimensions, n_dimensions):
            raise ValueError(
                f"means has shape {self.means.shape}, but covariances has shape {self.covariances.shape}:"
                f" expected covariances of shape {(n_components, n_dimensions, n_dimensions)}"
            )

    def _check_weights(self):
        if self.weights.min() < 0:
            raise ValueError(
                f"weights holds {self.weights.min():g}, but a weight is at least 0: give shares of the points"
            )
        if abs(self.weights.sum() - 1) > ROUNDED:
            raise ValueError(f"weights sum to {self.weights.sum():.9g}, expected 1: divide them by their sum")

    def _check_symmetric(self):
        sizes = np.abs(self.covariances).max(axis=(1, 2))
        differences = np.abs(self.covariances - self.covariances.transpose(0, 2, 1)).max(axis=(1, 2))
        wrong = differences > ROUNDED * sizes
        if wrong.any():
            k = int(wrong.argmax())
            raise ValueError(
                f"covariances[{k}] is not symmetric:\n{self.covariances[k]}\ngive (covariance + covariance.T) / 2"
            )

    def _check_positive_definite(self):
        try:
            pivots = np.square(self.cholesky.diagonal(axis1=1, axis2=2))
            if not (pivots >= FLAT * self.covariances.diagonal(axis1=1, axis2=2)).all():
                raise np.linalg.LinAlgError
        except np.linalg.LinAlgError:
            eigenvalues = np.linalg.eigvalsh(self.covariances)
            k = int(np.argmin(eigenvalues[:, 0]))
            raise ValueError(
                f"covariances[{k}] is not positive definite: its eigenvalues go from {eigenvalues[k, 0]:.3g} to"
                f" {eigenvalues[k, -1]:.3g}, and the smallest is 0 or less, as far as floating point can tell. The"
                " component is flat along one direction: drop constant or repeated columns, use fewer components, or a"
                " larger reg_covar"
            ) from None

    def __repr__(self):
        weights = ", ".join(f"{weight:.3f}" for weight in self.weights)
        return f"<Mixture of {self.n_components} Gaussians in {self.n_dimensions}-D, weights {weights}>"

    @property
    def n_components(self) -> int:
        """K: how many Gaussians there are."""
        return len(self.weights)

    @property
    def n_dimensions(self) -> int:
        """D: how many numbers a point has."""
        return self.means.shape[1]

    @cached_property
    def cholesky(self) -> np.ndarray:
        """The lower triangular L_k, (K, D, D), with L_k @ L_k.T = covariances[k]."""
        return np.linalg.cholesky(self.covariances)

    def log_joint(self, points: Points) -> np.ndarray:
        """Return log(weights[k] N(points[n] | means[k], covariances[k])), (N, K), in nats.

        With L = cholesky, the Mahalanobis distance is |L^-1 (x - mean)| and log det(covariance) is 2 sum(log diag(L)).
        """
        return self.log_joint_of(points_array(points, self.n_dimensions))

    def log_joint_of(self, points: np.ndarray) -> np.ndarray:
        """Return the same as `log_joint`, for points that were checked before."""
        whiten = np.linalg.inv(self.cholesky)
        log_diagonals = np.log(np.diagonal(self.cholesky, axis1=1, axis2=2)).sum(axis=1)
        log_joint = np.empty((self.n_components, len(points)))
        for k, mean in enumerate(self.means):
            whitened = whiten[k] @ (points - mean).T  # (D, N)
            log_joint[k] = np.einsum("dn,dn->n", whitened, whitened)  # inf without a warning, where it is too far
        log_joint *= -0.5
        log_joint += (log_of(self.weights) - log_diagonals - 0.5 * self.n_dimensions * LOG_2_PI)[:, None]
        if not np.isfinite(log_joint.max(axis=0)).all():
            raise ValueError(
                "some points lie further from every component, in units of its size, than floating point can hold:"
                " check that points and mixture are in the same units"
            )
        return log_joint.T

    def log_density(self, points: Points) -> np.ndarray:
        """Return log p(x) for each of the points, (N,), in nats."""
        return log_sum_exp(self.log_joint(points))

    def predict_proba(self, points: Points) -> np.ndarray:
        """Return the responsibilities of the components for the points, (N, K); rows sum to 1."""
        return shares(self.log_joint(points))

    def predict(self, points: Points) -> np.ndarray:
        """Return for each of the points the component that is most responsible for it, (N,)."""
        return self.log_joint(points).argmax(axis=1)

    def sample(self, n_points: int, rng: Rng = 0) -> tuple[np.ndarray, np.ndarray]:
        """Draw points (N, D) and their labels (N,): first a component by its weight, then a point from its Gaussian."""
        n_points, rng = whole_number(n_points, "n_points", 1), generator(rng)
        labels = rng.choice(self.n_components, size=n_points, p=self.weights / self.weights.sum()).astype(np.intp)
        noise = rng.standard_normal((n_points, self.n_dimensions))
        return self.means[labels] + np.einsum("nij,nj->ni", self.cholesky[labels], noise), labels

    def aligned_to(self, other: "Mixture") -> "Mixture":
        """Return this mixture with its components in the order that matches those of `other` best.

        The matching minimises the sum of Bhattacharyya distances, so it sees size and direction as well as place.
        Raises ValueError where the two differ in K or D.
        """
        from scipy.optimize import linear_sum_assignment

        instance(other, Mixture, "other", "Mixture(weights, means, covariances)")
        if self.means.shape != other.means.shape:
            raise ValueError(
                f"means has shape {self.means.shape}, but the other mixture's has shape {other.means.shape}:"
                " only mixtures with the same number of components and dimensions can be aligned"
            )
        order = linear_sum_assignment(bhattacharyya(other, self))[1]
        return Mixture(self.weights[order], self.means[order], self.covariances[order])
