"""The projection: an orthographic shadow of a Gaussian is the Gaussian of the projected covariance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_lab import Camera, Mixture, Step
from gmm_lab.pictures.camera import View, ellipsoid_radius

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


@pytest.mark.parametrize("elevation", [-70, -15, 20, 55])
@pytest.mark.parametrize("azimuth", [-130, -20, 50, 160])
def test_near_halves_are_nearer_to_the_viewer_in_the_stretched_box(azimuth, elevation):
    """A place in the picture and the plane of its circle give back the point in space, and so its depth.

    The columns have other units: an axis is stretched to the box before anything is called near.
    """
    seen = view(Camera(azimuth, elevation))
    variances, directions = np.linalg.eigh(COVARIANCE)
    half_axes = 2 * np.sqrt(variances) * directions  # columns
    towards_viewer = seen.camera.axes[2] / (seen.high - seen.low)
    near, far = seen.great_circles(MEAN, COVARIANCE, 2)
    for circle, axes in enumerate([[0, 1], [1, 2], [2, 0]]):
        plane = half_axes[:, axes]
        for halves, side in ((near, 1), (far, -1)):
            cosines_and_sines = np.linalg.solve(seen.matrix @ plane, (halves[circle] - seen.project(MEAN[None])).T)
            np.testing.assert_allclose((cosines_and_sines**2).sum(axis=0), 1)
            depth = side * towards_viewer @ plane @ cosines_and_sines
            assert depth.min() > -1e-9
            assert depth.argmax() == 18  # the middle of the half is its nearest, or furthest, place
            np.testing.assert_allclose(depth[[0, -1]], 0, atol=1e-9)


@given(CAMERAS)
def test_two_halves_are_a_whole_circle(camera):
    near, far = view(camera).great_circles(MEAN, COVARIANCE, 2)
    assert near.shape == far.shape == (3, 37, 2)
    np.testing.assert_allclose(near[:, -1], far[:, 0], atol=1e-9)
    np.testing.assert_allclose(far[:, -1], near[:, 0], atol=1e-9)


def test_an_outline_begins_at_the_right_and_goes_round_once_as_angles_do():
    outline = View.around([[0.0, 0], [9, 9]]).shadow(np.array([4.0, 5]), 4 * np.eye(2), 1.5)
    np.testing.assert_allclose(outline[[0, 18, 36, 54]], [[7, 5], [4, 8], [1, 5], [4, 2]], atol=1e-12)
    np.testing.assert_allclose(outline[-1], outline[0], atol=1e-12)
    turns = np.diff(np.unwrap(np.arctan2(*(outline - [4, 5]).T[::-1])))
    np.testing.assert_allclose(turns, np.radians(5))


def test_what_is_flat_casts_a_flat_shadow():
    """Rounding may leave a variance of a little less than 0."""
    seen = view()
    flat = np.diag([-1e-18, 1.0, 4.0])
    assert np.isfinite(seen.shadow(MEAN, flat, 2)).all()
    near, far = seen.great_circles(MEAN, flat, 2)
    assert np.isfinite(near).all() and np.isfinite(far).all()


def test_a_box_leaves_a_narrow_margin_of_the_same_share_all_round():
    corners = np.array([[0.0, -10, 5], [100, 30, 6]])
    seen = View.around(corners)
    size = np.ptp(corners, axis=0)
    np.testing.assert_allclose((corners[0] - seen.low) / size, (seen.high - corners[1]) / size)
    margin = (seen.high - corners[1]) / size
    np.testing.assert_allclose(margin, margin[0])
    assert 0.02 < margin[0] < 0.15


def test_the_middle_of_the_box_is_the_middle_of_the_picture():
    seen = view(Camera(33, -12))
    np.testing.assert_allclose(seen.project((seen.low + seen.high)[None] / 2), [[0, 0]], atol=1e-12)


def test_a_column_is_constant_where_only_rounding_tells_its_values_apart():
    far_off = View.around([[1e9, 0], [1e9 + 1e-3, 1]])  # a spread of 1e-12 of the value, which is none of rounding
    assert far_off.high[0] - far_off.low[0] < 2e-3
    rounding = View.around([[1e9, 0], [1e9 + 1e-6, 1]])
    assert rounding.high[0] - rounding.low[0] > 1e6


@pytest.mark.parametrize(("value", "size"), [(0, 1e-6), (1e-9, 1e-6), (5, 5), (-8, 8)])
def test_the_room_around_a_constant_is_as_wide_as_its_value(value, size):
    seen = View.around(np.full((3, 1), value))
    assert (seen.low[0] + seen.high[0]) / 2 == pytest.approx(value, abs=1e-9)
    assert 0.05 * size < seen.high[0] - seen.low[0] < 0.5 * size


def test_a_view_has_the_usual_camera_and_names_unless_others_are_given(mixture, points):
    step = Step(points, mixture, 0.0, ("length", "depth"))
    seen = View.of([step], 0.9)
    assert (seen.columns, seen.camera) == (("length", "depth"), Camera(azimuth=50, elevation=20))
    assert View.of([step], 0.9, columns=["a", "b"]).columns == ("a", "b")
    assert View.around(np.eye(3)).columns == ("x", "y", "z")
    assert View.around(np.eye(3), camera=Camera(1, 2)).camera == View.of([step], 0.9, camera=Camera(1, 2)).camera
    assert View(seen.low, seen.high, seen.columns).camera == Camera()
    assert (seen.n_dimensions, View.around(np.eye(3)).n_dimensions) == (2, 3)


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
def test_a_run_is_seen_with_its_ellipsoids_but_for_those_far_too_large(n_dimensions):
    """In 3-D they may stick out a little, since there is room in a picture around the box."""
    points = np.array([[0.0] * n_dimensions, [10.0] * n_dimensions])

    def seen(*deviations):
        mixtures = [Mixture([1], [[5] * n_dimensions], [each**2 * np.eye(n_dimensions)]) for each in deviations]
        return View.of([Step(points, mixture, 0.0) for mixture in mixtures], 0.9)

    radius = ellipsoid_radius(0.9, n_dimensions)
    overhang = 2 if n_dimensions == 3 else 0
    for deviation in (3.2 / radius, 7.8 / radius):  # inside and outside the points
        reach = max(deviation * radius - overhang, 5)
        margin = 0.06 * 2 * reach
        np.testing.assert_allclose(seen(deviation, 0.1).low, 5 - reach - margin)
        np.testing.assert_allclose(seen(0.1, deviation).high, 5 + reach + margin)
    np.testing.assert_allclose(seen(1e6).high - seen(1e6).low, 20 * 1.12)  # the points keep half of it


@pytest.mark.parametrize("elevation", [-90, 90])
def test_a_camera_may_look_straight_down_or_up(elevation):
    np.testing.assert_allclose(Camera(30, elevation).axes[2], [0, 0, np.sign(elevation)], atol=1e-12)


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
