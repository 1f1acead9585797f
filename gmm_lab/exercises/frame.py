"""Exercise: one frame of an animation, as numbers: where each point is drawn, in which colour, and the outlines."""

import numpy as np

from gmm_lab.algorithm import Step, e_step
from gmm_lab.exercises.engine import reading
from gmm_lab.exercises.engine.cases import Case, random_covariance
from gmm_lab.exercises.engine.exercise import Exercise
from gmm_lab.exercises.engine.trouble import Trouble
from gmm_lab.mixture import Mixture
from gmm_lab.pictures.camera import Camera

PLACE, COLOUR, CENTRE, SHAPE = (
    "the place",
    "the colour",
    "the centre of the outline",
    "the matrix radius² · covariance of the outline",
)
SMOOTH = 12  # places on an outline, at least


def cases(rng):
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


def read(answer, array, *given):
    places, colours, outlines = reading.parts(answer, "my_frame", ("places", "colours", "outlines"))
    places, colours = array(PLACE, places, "`places`"), array(COLOUR, colours, "`colours`")
    n_components = len(given[2])
    if not hasattr(outlines, "__len__") or len(outlines) != n_components:
        raise Trouble(
            "outlines",
            f"`outlines` has the length {len(outlines) if hasattr(outlines, '__len__') else 0}; expected was"
            f" {n_components}, one outline for each component.",
            "Make each an array of shape (M, 2), with M places along it, and append it to a list, in every round of the"
            " loop.",
        )
    centres, shapes = map(np.array, zip(*(ellipse(outline, k) for k, outline in enumerate(outlines)), strict=True))
    return {PLACE: places, COLOUR: colours, CENTRE: centres, SHAPE: shapes}


def ellipse(outline, k):
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
    check_once_around(np.stack([x, y], axis=1) - centre, Q, k)
    return middle + centre, np.linalg.inv(Q) * (1 + centre @ Q @ centre)


def check_once_around(places, Q, k):
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


exercise = Exercise(
    "frame",
    "my_frame(step, B, palette, radius)",
    "lesson 6, section 2, equation (2)",
    parts={
        PLACE: ("places", "point", "coordinate"),
        COLOUR: ("colours", "point", "channel"),
        CENTRE: ("centres", "component", "coordinate"),
        SHAPE: ("shapes", "component", "row", "column"),
    },
    cases=cases,
    read=read,
)
exercise.hints = """
(1) is for one point. For points in rows it is `points @ B.T`, and the same for the means.

A colour is three numbers: red, green and blue. The responsibilities of a point, a row, weigh the colours of the
components, the rows of `palette`. Which matrix product does that for all points?

The shadow of a component has the covariance `B @ covariance @ B.T`. Its Cholesky factor L makes an ellipse of the
circle, as it makes a cloud of standard draws: for places in rows, `circle @ L.T`. Then the radius, and the place of
the mean."""

exercise.stage("points", lambda step: step.points)
exercise.stage("means", lambda step: step.mixture.means)
exercise.stage("shares", lambda step: step.responsibilities)

places = exercise.stage("places", lambda points, B: points @ B.T, "lesson 6, section 2, equation (1)")
places.slip("a coordinate dropped", lambda points: points[:, :2]).told("""
The places are the first two coordinates of the points, whatever the camera. Project each point: `points @ B.T`.""")
places.slip("up and right exchanged", lambda places: places[:, ::-1]).told("""
Right and up have changed places: the first row of B points to the right, the second up.""")

colours = exercise.stage("colours", lambda shares, palette: shares @ palette, "lesson 3, section 2")
colours.slip("hard colours", lambda shares, palette: palette[shares.argmax(axis=1)]).told("""
Each point has the colour of its most responsible component. Blend: `responsibilities @ palette`.""")
colours.slip(
    "colours added up equally", lambda points, palette: np.tile(palette.mean(axis=0), (len(points), 1))
).told("""
Every point has the same colour, the average of the palette. Weigh the colours by its responsibilities.""")

centres = exercise.stage("centres", lambda means, B: means @ B.T)
centres.slip("mean not projected", lambda means: means[:, :2], "lesson 6, section 2, equation (1)").told("""
The outlines stand around the first two coordinates of the means. Project the means as the points: `means @ B.T`.""")
centres.slip("centre left at 0", lambda centres: 0 * centres, "lesson 1, section 3, equation (3)").told("""
The outlines stand around 0. Add the projected mean.""")
centres.slip("mean times the radius", lambda centres, radius: radius * centres, "lesson 1, section 5").told("""
The outlines stand around the mean times the radius. The radius multiplies the circle only.""")

exercise.stage("flat", lambda step, B: B @ step.mixture.covariances @ B.T)  # (K, 2, 2)
exercise.stage("L", lambda flat: np.linalg.cholesky(flat))
exercise.stage("scale", lambda radius: radius)
shapes = exercise.stage("shapes", lambda scale, flat: scale**2 * flat)
shapes.slip("covariance not projected", flat=lambda step: step.mixture.covariances[:, :2, :2]).told("""
The outlines have the first two rows and columns of the covariance, whatever the camera. Project it: `B @ covariance @
B.T`.""")
shapes.slip("one sigma", scale=lambda: 1, where="lesson 1, section 5").told("""
The outlines reach to Mahalanobis distance 1, and so hold much less than was promised. Multiply by `radius`.""")
shapes.slip(
    "covariance where its factor belongs",
    lambda scale, flat: scale**2 * flat @ flat,
    "lesson 1, section 3, equation (3)",
).told("""
The circle is multiplied by the covariance itself. Multiply it by the Cholesky factor.""")
shapes.slip(
    "other triangle", lambda scale, L: scale**2 * L.swapaxes(1, 2) @ L, "lesson 1, section 3, equation (3)"
).told("""
The Cholesky factor is used transposed. For places in rows it is `circle @ L.T`.""")
shapes.slip("axis by axis", lambda scale, flat: scale**2 * flat * np.eye(2), "lesson 1, section 3").told("""
The outlines stand upright: each axis has its own standard deviation, and the tilt is lost. Use the Cholesky
factor.""")
shapes.slip("root of the radius", scale=lambda radius: np.sqrt(radius), where="lesson 1, section 5").told("""
The outlines use the root of the radius. Multiply the circle by `radius`.""")
shapes.slip("radius squared", scale=lambda radius: radius**2, where="lesson 1, section 5").told("""
The outlines use the square of the radius. Multiply the circle by `radius`.""")
shapes.slip("circles", lambda scale, flat: scale**2 * np.tile(np.eye(2), (len(flat), 1, 1))).told("""
The outlines are circles: the covariance is missing. Multiply the circle by the Cholesky factor of `B @ covariance @
B.T`.""")
shapes.slip("inverse", lambda scale, flat: scale**2 * np.linalg.inv(flat)).told("""
The outlines are those of the inverse of the projected covariance. Use `B @ covariance @ B.T` itself.""")
shapes.slip("always the same radius", scale=lambda: 2.5, where="lesson 1, section 5").told("""
The outlines have the radius 2.5, whatever `radius` is. Use the argument.""")
