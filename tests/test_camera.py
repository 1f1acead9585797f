"""The projection: an orthographic shadow of a Gaussian is the Gaussian of the projected covariance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_lab import Camera, Mixture
from gmm_lab.pictures.camera import View
from gmm_lab.pictures.scene import ellipsoid_radius

CAMERAS = st.builds(Camera, azimuth=st.floats(-720, 720), elevation=st.floats(-90, 90))
MEAN = np.array([1.0, -2.0, 30.0])
COVARIANCE = np.array([[2.0, 0.8, -3.0], [0.8, 1.0, 1.0], [-3.0, 1.0, 40.0]])


def view(camera=None):
    return View.around([[-5, -6, 0], [6, 2, 60]], camera=camera or Camera())


def mahalanobis(places, centre, covariance):
    differences = places - centre
    return np.sqrt((differences * np.linalg.solve(covariance, differences.T).T).sum(axis=1))


@given(CAMERAS)
def test_axes_are_a_right_handed_frame(camera):
    np.testing.assert_allclose(camera.axes @ camera.axes.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(camera.axes) == pytest.approx(1)


def test_angles_mean_what_they_say():
    np.testing.assert_allclose(Camera(0, 0).axes, [[0, 1, 0], [0, 0, 1], [1, 0, 0]], atol=1e-12)
    np.testing.assert_allclose(Camera(90, 0).axes[:2], [[-1, 0, 0], [0, 0, 1]], atol=1e-12)
    np.testing.assert_allclose(Camera(0, 90).axes[2], [0, 0, 1], atol=1e-12)


@given(CAMERAS)
def test_a_shadow_is_the_ellipse_of_the_projected_covariance(camera):
    """The surface of the ellipsoid, projected, fills its shadow to the edge and goes nowhere beyond."""
    seen = view(camera)
    sphere = np.random.default_rng(0).normal(size=(4000, 3))
    surface = MEAN + 2 * sphere / np.linalg.norm(sphere, axis=1, keepdims=True) @ np.linalg.cholesky(COVARIANCE).T
    projected = seen.matrix @ COVARIANCE @ seen.matrix.T
    distances = mahalanobis(seen.project(surface), seen.project(MEAN[None]), projected)
    assert distances.max() <= 2 + 1e-9
    assert distances.max() == pytest.approx(2, abs=1e-3)
    outline = seen.shadow(MEAN, COVARIANCE, 2)
    np.testing.assert_allclose(mahalanobis(outline, seen.project(MEAN[None]), projected), 2, rtol=1e-6)


@given(CAMERAS)
def test_great_circles_lie_on_the_ellipsoid_and_their_near_halves_are_near(camera):
    seen = view(camera)
    near, far = seen.great_circles(MEAN, COVARIANCE, 2)
    projected = seen.matrix @ COVARIANCE @ seen.matrix.T
    for halves in (near, far):
        assert mahalanobis(halves.reshape(-1, 2), seen.project(MEAN[None]), projected).max() <= 2 + 1e-9
    np.testing.assert_allclose(near + far, np.broadcast_to(2 * seen.project(MEAN[None]), near.shape), atol=1e-9)


def test_seen_from_above_the_near_half_of_the_equator_is_the_lower_one():
    seen = View.around([[-1, -1, -1], [1, 1, 1]], camera=Camera(0, 30))
    near, far = seen.great_circles(np.zeros(3), np.diag([0.1, 0.2, 0.3]), 1)
    assert near[0, :, 1].max() < 1e-9
    assert far[0, :, 1].min() > -1e-9
    assert near[0, :, 1].min() < -0.05


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
@pytest.mark.parametrize("mass", [0.5, 0.9])
def test_an_ellipsoid_holds_its_mass(mass, n_dimensions):
    covariance = COVARIANCE[:n_dimensions, :n_dimensions]
    mixture = Mixture([1], [MEAN[:n_dimensions]], [covariance])
    points, _ = mixture.sample(50_000, rng=0)
    inside = mahalanobis(points, mixture.means[0], covariance) <= ellipsoid_radius(mass, n_dimensions)
    assert inside.mean() == pytest.approx(mass, abs=0.005)


def test_one_and_three_sigma_in_three_dimensions():
    """The reason why ellipsoids are named by their mass: 1 sigma holds 19.9 %, 3 sigma 97.1 %."""
    assert ellipsoid_radius(0.199, 3) == pytest.approx(1, abs=0.003)
    assert ellipsoid_radius(0.971, 3) == pytest.approx(3, abs=0.01)


def test_every_axis_fills_the_box():
    seen = view(Camera(0, 0))
    corners = seen.project(np.array([seen.low, seen.high]))
    np.testing.assert_allclose(corners, [[-0.5, -0.5], [0.5, 0.5]])


def test_flat_data_are_shown_as_they_are():
    points = np.array([[1.0, 2], [3, 8]])
    np.testing.assert_array_equal(View.around(points).project(points), points)


@pytest.mark.parametrize("constant", [0.0, 5.0, -1e8, 1e-300])
def test_a_constant_column_gets_room(constant):
    seen = View.around(np.c_[np.full(4, constant), np.arange(4.0), np.arange(4.0)])
    assert seen.low[0] < constant < seen.high[0]
    assert np.isfinite(seen.matrix).all()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"azimuth": "50"}, TypeError, "azimuth is '50', but a number was expected: try azimuth=50"),
        ({"azimuth": np.inf}, ValueError, "azimuth is inf, but a finite number"),
        ({"elevation": 91}, ValueError, "elevation is 91, but -90 to 90 degrees were expected: try elevation=20"),
        ({"elevation": None}, TypeError, "elevation is None"),
    ],
)
def test_what_is_no_camera_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        Camera(**arguments)


@pytest.mark.parametrize(
    ("corners", "options", "error", "message"),
    [
        (np.ones((5, 4)), {}, ValueError, r"points has 4 columns, but a picture shows 1, 2 or 3: choose some, as in"),
        (np.ones((5, 3)), {"columns": ["a", "b"]}, ValueError, "columns has 2 names, but points has 3 columns"),
        (np.ones((5, 3)), {"camera": 50}, TypeError, "camera is 50, but a Camera was expected"),
        ([[1, np.nan]], {}, ValueError, "points holds nan"),
    ],
)
def test_what_cannot_be_seen_is_told(corners, options, error, message):
    with pytest.raises(error, match=message):
        View.around(corners, **options)
