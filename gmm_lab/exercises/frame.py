"""Exercise: one frame of an animation, as numbers: where each point is drawn, in which colour, and the outlines."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from gmm_lab.algorithm import Step, e_step
from gmm_lab.exercises.engine import Case, Exercise, Parts, Reader, random_covariance, reading
from gmm_lab.mixture import Mixture
from gmm_lab.pictures.camera import Camera

PLACE, COLOUR, CENTRE = "the place", "the colour", "the centre of the outline"
SHAPE = "the matrix of the outline"
SMOOTH = 12  # places on an outline, at least
FAR = 1e100  # beyond it, squares leave the range of floating point


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a step, a camera's B, a palette and a radius: a camera as in the lesson, and one drawn anew."""
    tilted = [[4.0, 2.0, 1.0], [2.0, 5.0, -1.0], [1.0, -1.0, 3.0]]
    mixture = Mixture([0.5, 0.5], [[0, 0, 0], [6, 1, 2]], [tilted, np.eye(3)])
    yield Case(
        "four points, two components, azimuth 0, elevation 0",
        _arguments(mixture, Camera(0, 0), 2.5, rng),
        "this camera drops x, as in section 2.",
        by_hand="this camera drops x. The shadow of component 1 has the covariance [[5, -1], [-1, 3]], its"
        " outline the matrix radius² times that. A point with the responsibilities r and 1 - r has the colour"
        " r * palette[0] + (1 - r) * palette[1].",
    )
    covariances = [random_covariance(rng, 3) for _ in range(3)]
    mixture = Mixture([0.2, 0.5, 0.3], rng.uniform(-5, 5, (3, 3)), covariances)
    camera = Camera(float(rng.uniform(20, 70)), float(rng.uniform(20, 60)))
    yield Case(
        "four points, three components, another camera",
        _arguments(mixture, camera, round(float(rng.uniform(1.2, 2.2)), 2), rng),
        "there are three components, the camera looks from a corner, from above, and the radius is not 2.5.",
    )


def _arguments(mixture, camera, radius, rng):
    points = mixture.means[[0, 1, 0, 1]] + rng.normal(size=(4, 3))
    step = Step(points, mixture, e_step(points, mixture)[1])
    return step, camera.axes[:2], rng.uniform(0, 1, (mixture.n_components, 3)), radius


def read(answer: Any, array: Reader, *given: Any) -> Parts:
    """Return places (N, 2), colours (N, 3), and of the outlines, one for each component, centres and matrices."""
    places, colours, outlines = reading.parts(answer, "my_frame", ("places", "colours", "outlines"))
    places, colours = array(PLACE, places, "`places`"), array(COLOUR, colours, "`colours`")
    length = len(outlines) if isinstance(outlines, list | tuple) or np.ndim(outlines) else 0
    if length != len(given[2]):
        raise exercise.trouble("outlines", length=length, expected=len(given[2]))
    centres, shapes = map(np.array, zip(*(_ellipse(outline, k + 1) for k, outline in enumerate(outlines)), strict=True))
    return {PLACE: places, COLOUR: colours, CENTRE: centres, SHAPE: shapes}


def _ellipse(outline, number):
    """Return the centre c and the matrix M of the ellipse (x - c)' M^-1 (x - c) = 1 on which an outline lies."""
    shape = (len(outline), 2) if isinstance(outline, list | tuple) else np.shape(outline)
    if outline is not ... and (len(shape) != 2 or max(shape) < SMOOTH):
        raise exercise.trouble("outline of another shape", number=number, shape=shape, least=SMOOTH)
    n_places = max(shape, default=0)
    outline = reading.array(outline, f"Outline {number}", (n_places, 2), ("place", "coordinate"))
    if not (np.abs(outline) < FAR).all():
        raise exercise.trouble("outline out of range", number=number)
    middle = outline.mean(axis=0)
    x, y = (outline - middle).T
    terms = np.stack([x * x, 2 * x * y, y * y, x, y], axis=1)
    conic = np.linalg.lstsq(terms, np.ones(n_places), rcond=None)[0]
    Q = np.array([[conic[0], conic[1]], [conic[1], conic[2]]])
    if np.abs(terms @ conic - 1).max() > 1e-6 or np.linalg.eigvalsh(Q).min() <= 0:
        raise exercise.trouble("not an ellipse", number=number)
    centre = -np.linalg.solve(Q, conic[3:]) / 2
    if not _once_around((np.stack([x, y], axis=1) - centre) @ np.linalg.cholesky(Q)):
        raise exercise.trouble("not once around", number=number)
    return middle + centre, np.linalg.inv(Q) * (1 + centre @ Q @ centre)


def _once_around(places):
    """Say whether places on a circle go around it once, in order."""
    angles = np.unwrap(np.arctan2(places[:, 1], places[:, 0]))
    steps = np.diff(angles) * np.sign(angles[-1] - angles[0])
    return steps.min() >= 0 and steps.max() <= 1 and abs(2 * np.pi - abs(angles[-1] - angles[0])) <= 1


exercise = Exercise(
    "frame",
    "my_frame(step, B, palette, radius)",
    "6.2 (2)",
    parts={
        PLACE: ("places", "point", "coordinate"),
        COLOUR: ("colours", "point", "channel"),
        CENTRE: ("centres", "component", "coordinate"),
        SHAPE: ("shapes", "component", "row", "column"),
    },
    cases=cases,
    read=read,
    hints={
        PLACE: """
(1) is for one point, a column. Points stand in rows: which side does B come to, and which of the two is transposed?

For points in rows it is `points @ B.T`, and the same for the means.""",
        COLOUR: """
A colour is three numbers: red, green and blue. The responsibilities of a point, a row, weigh the colours of the
components, the rows of `palette`. Which matrix product does that for all points?

`step.responsibilities @ palette`.""",
        SHAPE: """
The shadow of a component has the covariance `B @ covariance @ B.T`. Its Cholesky factor L makes an ellipse of the
circle, as it makes a cloud of standard draws.

For places in rows, `circle @ L.T`. Then the radius, and the place of the mean.""",
    },
)

exercise.stage("points", lambda step: step.points)
exercise.stage("means", lambda step: step.mixture.means)
exercise.stage("posterior", lambda step: step.responsibilities)

places = exercise.stage("places", lambda points, B: points @ B.T, "6.2 (1)")
places.slip("a coordinate dropped", lambda points: points[:, :2]).told("""
The places are the first two coordinates of the points, whatever the camera. Project each point: `points @ B.T`.""")
places.slip("up and right exchanged", lambda places: places[:, ::-1]).told("""
Right and up have changed places: the first row of B points to the right, the second up.""")

colours = exercise.stage("colours", lambda posterior, palette: posterior @ palette, "0.2")
colours.slip("hard colours", lambda posterior, palette: palette[posterior.argmax(axis=1)]).told("""
Each point has the colour of its most responsible component. Blend: `responsibilities @ palette`.""")
colours.slip("colours added up equally", lambda colours, palette: 0 * colours + palette.mean(axis=0)).told("""
Every point has the same colour, the average of the palette. Weigh the colours by its responsibilities.""")

centres = exercise.stage("centres", lambda means, B: means @ B.T)
centres.slip("mean not projected", lambda means: means[:, :2], "6.2 (1)").told("""
The outlines stand around the first two coordinates of the means. Project the means as the points: `means @ B.T`.""")
centres.slip("centre left at 0", lambda centres: 0 * centres, "1.3 (3)").told("""
The outlines stand around 0. Add the projected mean.""")
centres.slip("mean times the radius", lambda centres, radius: radius * centres, "1.5").told("""
The outlines stand around the mean times the radius. The radius multiplies the circle only.""")

exercise.stage("flat", lambda step, B: B @ step.mixture.covariances @ B.T)  # (K, 2, 2)
exercise.stage("L", lambda flat: np.linalg.cholesky(flat))
exercise.stage("scale", lambda radius: radius)
shapes = exercise.stage("shapes", lambda scale, flat: scale**2 * flat)
shapes.slip("covariance not projected", flat=lambda step: step.mixture.covariances[:, :2, :2]).told("""
The outlines have the first two rows and columns of the covariance, whatever the camera. Project it: `B @ covariance @
B.T`.""")
shapes.slip("one sigma", scale=lambda: 1, where="1.5").told("""
The outlines reach to Mahalanobis distance 1, and so hold much less mass than was promised. Multiply by `radius`.""")
shapes.slip("covariance where its factor belongs", lambda scale, flat: scale**2 * flat @ flat, "1.3 (3)").told("""
The circle is multiplied by the covariance itself. Multiply it by the Cholesky factor.""")
shapes.slip("other triangle", lambda scale, L: scale**2 * L.swapaxes(1, 2) @ L, "1.3 (3)").told("""
The Cholesky factor is used transposed. For places in rows it is `circle @ L.T`.""")
shapes.slip("axis by axis", lambda scale, flat: scale**2 * flat * np.eye(2), "1.3").told("""
The outlines stand upright: each axis has its own standard deviation, and the tilt is lost. Use the Cholesky factor.""")
shapes.slip("root of the radius", scale=lambda radius: np.sqrt(radius), where="1.5").told("""
The outlines use the root of the radius. Multiply the circle by `radius`.""")
shapes.slip("radius squared", scale=lambda radius: radius**2, where="1.5").told("""
The outlines use the square of the radius. Multiply the circle by `radius`.""")
shapes.slip("circles", lambda scale, flat: scale**2 * np.tile(np.eye(2), (len(flat), 1, 1))).told("""
The outlines are circles: the covariance is missing. Multiply the circle by the Cholesky factor of `B @ covariance @
B.T`.""")
shapes.slip("inverse", lambda scale, flat: scale**2 * np.linalg.inv(flat)).told("""
The outlines are those of the inverse of the projected covariance. Use `B @ covariance @ B.T` itself.""")
shapes.slip("always the same radius", scale=lambda: 2.5, where="1.5").told("""
The outlines have the radius 2.5, whatever `radius` is. Use the argument.""")

exercise.sight("outlines").told("""
`outlines` has the length {length}; expected was {expected}, one outline for each component. Make each an array of shape
(M, 2), with M places along it, and append it to a list, in every round of the loop.""")
exercise.sight("outline of another shape").told("""
Outline {number} has shape {shape}; expected was (M, 2), a row for each of its M places, at least {least}. Take 100
angles from 0 to 2π, `np.linspace(0, 2 * np.pi, 100)`, and compute a place for each.""")
exercise.sight("outline out of range").told("""
Outline {number} has places that are nan, or too far away to compute with. Print the covariance `B @ covariance @ B.T`,
and what goes into it: the root of a number below 0 is nan.""")
exercise.sight("not an ellipse").told("""
The places of outline {number} do not lie on an ellipse. A circle is `np.c_[np.cos(angle), np.sin(angle)]`, and the
Cholesky factor of `B @ covariance @ B.T` makes the ellipse of it. The image of just any circle on the
ellipsoid is no outline.""")
exercise.sight("not once around").told("""
The places of outline {number} lie on an ellipse, but do not go around it once, in order. Let the angles run from 0 to
2π (not to 360, which is degrees): `np.linspace(0, 2 * np.pi, 100)`.""")
