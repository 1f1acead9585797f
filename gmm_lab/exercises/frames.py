"""Exercise: one frame of an animation, as numbers: where each point is drawn, in which colour, and the outlines."""

import numpy as np

from gmm_lab.algorithm import Step, e_step
from gmm_lab.exercises import reading
from gmm_lab.exercises.cases import Case
from gmm_lab.exercises.densities import random_covariance
from gmm_lab.exercises.diagnoses import slips_of
from gmm_lab.exercises.exercise import Exercise
from gmm_lab.exercises.trouble import Trouble
from gmm_lab.mixture import Mixture
from gmm_lab.pictures.camera import Camera

PLACE, COLOUR, CENTRE, SHAPE = (
    "the place",
    "the colour",
    "the centre of the outline",
    "the matrix radius² · covariance of the outline",
)
SMOOTH = 12  # places on an outline, at least


def _cases(rng):
    tilted = [[4.0, 2.0, 1.0], [2.0, 5.0, -1.0], [1.0, -1.0, 3.0]]
    first = Mixture([0.5, 0.5], [[0, 0, 0], [6, 1, 2]], [tilted, np.eye(3)])
    for name, mixture, camera, radius, new, by_hand in (
        (
            "four points, two components, azimuth 0, elevation 0",
            first,
            Camera(0, 0),
            2.5,
            "this camera drops x, as in section 2.",
            "this camera drops x. The shadow of component 1 has the covariance [[5, -1], [-1, 3]], and a point with the"
            " shares s and 1 - s has the colour s * palette[0] + (1 - s) * palette[1].",
        ),
        (
            "four points, three components, another camera",
            Mixture([0.2, 0.5, 0.3], rng.uniform(-5, 5, (3, 3)), [random_covariance(rng, 3) for _ in range(3)]),
            Camera(float(rng.uniform(20, 70)), float(rng.uniform(20, 60))),
            round(float(rng.uniform(1.2, 2.2)), 2),
            "the camera looks from a corner, from above, and the radius is not 2.5.",
            "",
        ),
    ):
        points = mixture.means[[0, 1, 0, 1]] + rng.normal(size=(4, 3))
        palette = rng.uniform(0, 1, (mixture.n_components, 3))
        step = Step(points, mixture, e_step(points, mixture)[1])
        yield Case(name, (step, camera.axes[:2], palette, radius), new, by_hand=by_hand)


def _read(answer, case):
    step, _, palette, _ = case.arguments
    places, colours, outlines = reading.parts(answer, "my_frame", ("places", "colours", "outlines"))
    n_points, n_components = len(step.points), len(palette)
    places = reading.array(places, "`places`", (n_points, 2), ("point", "coordinate"))
    colours = reading.array(colours, "`colours`", (n_points, 3), ("point", "channel"))
    if not hasattr(outlines, "__len__") or len(outlines) != n_components:
        raise Trouble(
            "outlines",
            f"`outlines` has the length {len(outlines) if hasattr(outlines, '__len__') else 0}; expected was"
            f" {n_components}, one outline for each component.",
            "Make each an array of shape (M, 2), with M places along it, and append it to a list, in every round of the"
            " loop.",
        )
    ellipses = [_ellipse(outline, k) for k, outline in enumerate(outlines)]
    return {
        PLACE: places,
        COLOUR: colours,
        CENTRE: np.array([centre for centre, _ in ellipses]),
        SHAPE: np.array([shape for _, shape in ellipses]),
    }


def _ellipse(outline, k):
    """Return the centre c and the matrix M of the ellipse (x - c)' M^-1 (x - c) = 1 on which an outline lies."""
    n_places = max(np.shape(outline), default=0) if np.ndim(outline) == 2 else SMOOTH
    outline = reading.array(outline, f"Outline {k + 1}", (n_places, 2), ("place", "coordinate"))
    if n_places < SMOOTH or not np.isfinite(outline).all():
        raise Trouble(
            "outline too short",
            f"Outline {k + 1} has {n_places} places, or some that are no numbers; expected were at least {SMOOTH}.",
            "Take 100 angles from 0 to 2π: `np.linspace(0, 2 * np.pi, 100)`.",
        )
    middle = outline.mean(axis=0)
    x, y = (outline - middle).T
    terms = np.stack([x * x, 2 * x * y, y * y, x, y], axis=1)
    conic = np.linalg.lstsq(terms, np.ones(n_places), rcond=None)[0]
    Q = np.array([[conic[0], conic[1]], [conic[1], conic[2]]])
    if np.abs(terms @ conic - 1).max() > 1e-6 or np.linalg.eigvalsh(Q).min() <= 0:
        raise Trouble(
            "not an ellipse",
            f"The places of outline {k + 1} do not lie on an ellipse.",
            "A circle is `np.c_[np.cos(angle), np.sin(angle)]`, and the Cholesky factor of `B @ covariance @ B.T` makes"
            " the ellipse of it. (The image of one circle on the ellipsoid is no outline.)",
        )
    centre = -np.linalg.solve(Q, conic[3:]) / 2
    _check_once_around(np.stack([x, y], axis=1) - centre, Q, k)
    return middle + centre, np.linalg.inv(Q) * (1 + centre @ Q @ centre)


def _check_once_around(places, Q, k):
    """Raise Trouble unless places on the ellipse x' Q x = const. go around it once, in order."""
    circle = places @ np.linalg.cholesky(Q)
    angles = np.unwrap(np.arctan2(circle[:, 1], circle[:, 0]))
    steps = np.diff(angles) * np.sign(angles[-1] - angles[0])
    gap = 2 * np.pi - abs(angles[-1] - angles[0])
    if steps.min() < 0 or steps.max() > 1 or abs(gap) > 1:
        raise Trouble(
            "not once around",
            f"The places of outline {k + 1} lie on an ellipse, but do not go around it once, in order.",
            "Let the angles run from 0 to 2π (not to 360, which is degrees): `np.linspace(0, 2 * np.pi, 100)`.",
        )


def _solve(step, B, palette, radius, place="", colour="", centre="", shape=""):
    points, mixture, shares = step.points, step.mixture, step.responsibilities
    places = points[:, :2] if place == "a coordinate dropped" else points @ B.T
    if colour == "hard colours":
        shares = np.eye(len(palette))[shares.argmax(axis=1)]
    if colour == "colours added up equally":
        shares = np.full_like(shares, 1 / len(palette))
    centres = {
        "": mixture.means @ B.T,
        "mean not projected": mixture.means[:, :2],
        "mean times the radius": radius * mixture.means @ B.T,
    }
    flat = B @ mixture.covariances @ B.T
    return {
        PLACE: places[:, ::-1] if place == "up and right exchanged" else places,
        COLOUR: shares @ palette,
        CENTRE: centres.get(centre, np.zeros_like(centres[""])),
        SHAPE: np.array([_shape(*both, radius, shape) for both in zip(flat, mixture.covariances, strict=True)]),
    }


def _shape(flat, covariance, radius, way):
    factor = np.linalg.cholesky(flat)
    radii = {
        "one sigma": 1,
        "always the same radius": 2.5,
        "root of the radius": np.sqrt(radius),
        "radius squared": radius**2,
    }
    matrices = {
        "covariance not projected": covariance[:2, :2],
        "covariance where its factor belongs": flat @ flat,
        "other triangle": factor.T @ factor,
        "axis by axis": np.diag(np.diag(flat)),
        "circles": np.eye(2),
        "inverse": np.linalg.inv(flat),
    }
    return radii.get(way, radius) ** 2 * matrices.get(way, flat)


frame = Exercise(
    name="frame",
    signature="my_frame(step, B, palette, radius)",
    axes={
        PLACE: ("point", "coordinate"),
        COLOUR: ("point", "channel"),
        CENTRE: ("component", "coordinate"),
        SHAPE: ("component", "row", "column"),
    },
    cases=_cases,
    read=_read,
    solve=_solve,
    slips=slips_of("frame"),
)
