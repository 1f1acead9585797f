"""Answers to the exercise frame: step, B, palette, radius -> places, colours, outlines."""

import numpy as np

from answers.registry import right, wrong


def circle(n_places=100):
    angle = np.linspace(0, 2 * np.pi, n_places)
    return np.c_[np.cos(angle), np.sin(angle)]


@right("frame")
def frame_by_matrices(step, B, palette, radius):
    mixture = step.mixture
    flat = np.linalg.cholesky(B @ mixture.covariances @ B.T)
    outlines = [mean @ B.T + radius * circle() @ L.T for mean, L in zip(mixture.means, flat, strict=True)]
    return step.points @ B.T, step.responsibilities @ palette, outlines


@right("frame")
def frame_by_loops(step, B, palette, radius):
    places = [[B[0] @ x, B[1] @ x] for x in step.points]
    colours = [sum(share * colour for share, colour in zip(row, palette, strict=True)) for row in step.responsibilities]
    outlines = []
    for mean, covariance in zip(step.mixture.means, step.mixture.covariances, strict=True):
        variances, directions = np.linalg.eigh(B @ covariance @ B.T)
        axes = directions * np.sqrt(variances)
        outlines.append([B @ mean + radius * (axes @ place) for place in circle(50)])
    return places, colours, outlines


@right("frame")
def frame_by_einsum(step, B, palette, radius):
    flat = np.einsum("ad,kde,be->kab", B, step.mixture.covariances, B)
    factors = np.linalg.cholesky(flat)
    outlines = (step.mixture.means @ B.T)[:, None] + radius * np.einsum("kab,mb->kma", factors, circle(37))
    return np.einsum("ad,nd->na", B, step.points), np.einsum("nk,kc->nc", step.responsibilities, palette), outlines


@right("frame")
def frame_by_shadows_of_balls(step, B, palette, radius):
    """The outline in each direction is where the ellipsoid reaches furthest."""
    outlines = []
    for mean, covariance in zip(step.mixture.means, step.mixture.covariances, strict=True):
        flat = B @ covariance @ B.T
        directions = circle(60)
        reach = np.sqrt((directions @ flat * directions).sum(axis=1))
        outlines.append(B @ mean + radius * directions @ flat / reach[:, None])
    return (B @ step.points.T).T, step.responsibilities @ palette, outlines


@wrong("frame", "a coordinate dropped")
def first_two_columns(step, B, palette, radius):
    return step.points[:, :2], *frame_by_matrices(step, B, palette, radius)[1:]


@wrong("frame", "hard colours")
def colour_of_the_largest(step, B, palette, radius):
    places, _, outlines = frame_by_matrices(step, B, palette, radius)
    return places, palette[step.responsibilities.argmax(axis=1)], outlines


@wrong("frame", "one sigma")
def radius_forgotten(step, B, palette, radius):
    return frame_by_matrices(step, B, palette, 1)


@wrong("frame", "covariance where its factor belongs")
def covariance_for_factor(step, B, palette, radius):
    mixture = step.mixture
    outlines = [
        mean @ B.T + radius * circle() @ (B @ covariance @ B.T)
        for mean, covariance in zip(mixture.means, mixture.covariances, strict=True)
    ]
    return *frame_by_matrices(step, B, palette, radius)[:2], outlines


@wrong("frame", "mean not projected")
def mean_in_space(step, B, palette, radius):
    mixture = step.mixture
    flat = np.linalg.cholesky(B @ mixture.covariances @ B.T)
    outlines = [mean[:2] + radius * circle() @ L.T for mean, L in zip(mixture.means, flat, strict=True)]
    return *frame_by_matrices(step, B, palette, radius)[:2], outlines


def with_outlines(step, B, palette, radius, outlines):
    return *frame_by_matrices(step, B, palette, radius)[:2], outlines


@wrong("frame", "circles")
def covariance_forgotten(step, B, palette, radius):
    return with_outlines(step, B, palette, radius, [B @ mean + radius * circle() for mean in step.mixture.means])


@wrong("frame", "always the same radius")
def radius_of_the_example(step, B, palette, radius):
    return frame_by_matrices(step, B, palette, 2.5)


@wrong("frame", "not once around")
def degrees_for_radians(step, B, palette, radius):
    angle = np.linspace(0, 360, 100)
    places = np.c_[np.cos(angle), np.sin(angle)]
    flat = np.linalg.cholesky(B @ step.mixture.covariances @ B.T)
    outlines = [B @ mean + radius * places @ L.T for mean, L in zip(step.mixture.means, flat, strict=True)]
    return with_outlines(step, B, palette, radius, outlines)


@wrong("frame", "not once around")
def half_an_ellipse(step, B, palette, radius):
    _, _, outlines = frame_by_matrices(step, B, palette, radius)
    return with_outlines(step, B, palette, radius, [outline[:75] for outline in outlines])


@wrong("frame", "transposed")
def outlines_in_columns(step, B, palette, radius):
    _, _, outlines = frame_by_matrices(step, B, palette, radius)
    return with_outlines(step, B, palette, radius, [outline.T for outline in outlines])


@wrong("frame", "outlines")
def nothing_appended(step, B, palette, radius):
    return with_outlines(step, B, palette, radius, [])
