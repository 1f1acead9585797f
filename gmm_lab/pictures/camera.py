"""Orthographic projection: from 1-D, 2-D and 3-D data to the plane of a picture.

An orthographic view is a linear map, so it turns a Gaussian into a Gaussian: the shadow of an ellipsoid is exactly the
ellipse of the projected covariance. Projecting is marginalising.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from gmm_lab.algorithm import Step
from gmm_lab.mixture import Mixture
from gmm_lab.validation import Columns, Points, column_names, instance, names_of, real_array, real_number

MARGIN = 0.06  # of the data's range, left free at each side of the box
ROOM = 0.5  # of the points' range, that ellipsoids may add to the box at each side
OVERHANG = 0.2  # of it, that ellipsoids may stick out of a 3-D box, around which a picture has room
CIRCLE = np.linspace(0, 2 * np.pi, 73)


@dataclass(frozen=True)
class Camera:
    """Where a 3-D scene is seen from, in degrees: azimuth around the vertical axis, elevation above the floor.

    Raises ValueError where elevation is not from -90 to 90, TypeError where one is no number.

    >>> print(Camera(azimuth=0, elevation=90).axes[2].round(3))  # from above: the viewer is up along z
    [0. 0. 1.]
    """

    azimuth: float = 50
    elevation: float = 20

    def __post_init__(self):
        real_number(self.azimuth, "azimuth", -np.inf, 50)
        if abs(real_number(self.elevation, "elevation", -np.inf, 20)) > 90:
            raise ValueError(f"elevation is {self.elevation}, but -90 to 90 degrees were expected: try elevation=20")

    @property
    def axes(self) -> np.ndarray:
        """Unit vectors as rows, (3, 3): to the right of the picture, up, and towards the viewer."""
        sin_a, sin_e = np.sin(np.radians([self.azimuth, self.elevation]))
        cos_a, cos_e = np.cos(np.radians([self.azimuth, self.elevation]))
        return np.array(
            [
                [-sin_a, cos_a, 0],
                [-sin_e * cos_a, -sin_e * sin_a, cos_e],
                [cos_e * cos_a, cos_e * sin_a, sin_e],
            ]
        )


@dataclass(frozen=True, eq=False)
class View:
    """A camera's view of the box from `low` to `high`, (D,) each, with D axis labels.

    In 3-D every axis is stretched to the same length, as in a cube; in 1-D and 2-D data are shown as they are.
    """

    low: np.ndarray
    high: np.ndarray
    columns: tuple[str, ...]
    camera: Camera = field(default_factory=Camera)

    @classmethod
    def around(cls, corners: Points, columns: Columns = None, camera: Camera | None = None) -> Self:
        """Return the view of a box that holds the `corners`, (N, D) with D from 1 to 3, with a margin around them."""
        corners = real_array(corners, "points", "(N, D)")
        n_dimensions = corners.shape[1]
        if n_dimensions > 3:
            raise ValueError(
                f"points has {n_dimensions} columns, but a picture shows 1, 2 or 3:"
                " choose some, as in read_csv(path, columns=[...]), table[['x', 'y']] or points[:, :3], and fit those"
            )
        columns = column_names(columns, n_dimensions)
        camera = instance(Camera() if camera is None else camera, Camera, "camera", "Camera(azimuth=50, elevation=20)")
        low, high = corners.min(axis=0), corners.max(axis=0)
        size = high - low
        # a constant column gets a box around its value that floating point can still tell from it
        size = np.where(size > 1e-13 * np.abs(high), size, np.maximum(np.abs(high), 1e-6))
        return cls(low - MARGIN * size, high + MARGIN * size, columns, camera)

    @classmethod
    def of(cls, steps: Sequence[Step], mass: float, columns: Columns = None, camera: Camera | None = None) -> Self:
        """Return the view of a run: of the points, which may bring their own column names along, and of `corners`."""
        columns = names_of(steps[0]) if columns is None else columns
        return cls.around(corners(steps, mass), columns, camera)

    @property
    def n_dimensions(self) -> int:
        """D, from 1 to 3."""
        return len(self.low)

    @property
    def matrix(self) -> np.ndarray:
        """The linear part of the projection, (2, 3) from data units to the picture; the identity in 1-D and 2-D."""
        if self.n_dimensions < 3:
            return np.eye(self.n_dimensions)
        return self.camera.axes[:2] / (self.high - self.low)

    def project(self, points: np.ndarray) -> np.ndarray:
        """Return points (N, D) as places in the picture, (N, 2)."""
        if self.n_dimensions < 3:
            return points
        return (points - (self.low + self.high) / 2) @ self.matrix.T

    def shadow(self, mean: np.ndarray, covariance: np.ndarray, radius: float) -> np.ndarray:
        """Return the outline of an ellipsoid in the picture, (73, 2): an ellipse of the projected covariance."""
        root = _root(self.matrix @ covariance @ self.matrix.T)
        return self.project(mean[None]) + radius * np.c_[np.cos(CIRCLE), np.sin(CIRCLE)] @ root.T

    def great_circles(self, mean: np.ndarray, covariance: np.ndarray, radius: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the halves nearer to the viewer and those further away of an ellipsoid's three principal circles.

        Each is (3, 37, 2), a circle a row.
        """
        root = _root(covariance)
        depth = self.camera.axes[2] / (self.high - self.low) @ root  # of each half axis
        half = np.linspace(-np.pi / 2, np.pi / 2, 37)
        halves = np.empty((2, 3, 37, 2))
        for circle, (first, second) in enumerate([(0, 1), (1, 2), (2, 0)]):
            nearest = np.arctan2(depth[second], depth[first])
            for far in (0, 1):
                angle = half + nearest + far * np.pi
                curve = np.outer(np.cos(angle), root[:, first]) + np.outer(np.sin(angle), root[:, second])
                halves[far, circle] = self.project(mean + radius * curve)
        return halves[0], halves[1]


def checked_mass(mass: float) -> float:
    """Return `mass` if it is one that a component can hold within an ellipsoid."""
    if not 0 < real_number(mass, "mass", 0, 0.9) < 1:
        raise ValueError(f"mass is {mass}, but a number between 0 and 1 was expected: try mass=0.9")
    return mass


def ellipsoid_radius(mass: float, n_dimensions: int) -> float:
    """Return the Mahalanobis radius within which a Gaussian holds `mass`: the root of a chi-square quantile."""
    from scipy.special import chdtri

    return float(np.sqrt(chdtri(n_dimensions, 1 - checked_mass(mass))))


def extent(mixture: Mixture, mass: float) -> np.ndarray:
    """Return two corners each, (2 K, D), of boxes around the ellipsoids that hold `mass` of the components."""
    reach = np.sqrt(np.diagonal(mixture.covariances, axis1=1, axis2=2)) * ellipsoid_radius(mass, mixture.n_dimensions)
    return np.concatenate([mixture.means - reach, mixture.means + reach])


def corners(steps: Sequence[Step], mass: float) -> np.ndarray:
    """Return two corners, (2, D), of a box for the points of a run and its ellipsoids, but for those far too large."""
    points = steps[0].points
    low, high = points.min(axis=0), points.max(axis=0)
    extents = np.concatenate([extent(step.mixture, mass) for step in steps])
    room, overhang = ROOM * (high - low), (OVERHANG if len(low) == 3 else 0) * (high - low)
    lowest, highest = extents.min(axis=0) + overhang, extents.max(axis=0) - overhang
    return np.array([np.clip(lowest, low - room, low), np.clip(highest, high, high + room)])


def _root(covariance):
    """Return R with R @ R.T = covariance; its columns are the half axes of the ellipsoid of radius 1."""
    variances, directions = np.linalg.eigh(covariance)
    return directions * np.sqrt(np.maximum(variances, 0))
