"""A caption for every picture, computed from the data: what a reader who can't see it would be told."""

import numpy as np

from gmm_lab.algorithm import Step, steps_of
from gmm_lab.mixture import Mixture
from gmm_lab.validation import instance, labels_array, points_and_names, real_array

SHAPES = {1: "curves", 2: "ellipses", 3: "ellipsoids"}
CLEAR = 0.9  # a point is shared where no component's responsibility reaches this
LISTED = 4  # as many components are told one by one; of more, the largest and the smallest


def points(points, columns=None, label_names=None, labels=None) -> str:
    """Tell how many points there are, the range of each column, and how many bear each label."""
    points, names = points_and_names(points, columns)
    n_points, n_dimensions = points.shape
    ranges = [
        f"{name} {low:.4g} to {high:.4g}" for name, low, high in zip(names, points.min(0), points.max(0), strict=True)
    ]
    text = f"{n_points} points in {n_dimensions}-D: {', '.join(ranges)}"
    if labels is None:
        return text + "."
    counts = np.bincount(labels_array(labels))
    names = label_names or [f"component {k}" for k in range(1, len(counts) + 1)]
    return f"{text};\n{', '.join(f'{name} {count}' for name, count in zip(names, counts, strict=True))}."


def mixture(mixture) -> str:
    """Tell what share of the points each component holds, and where its mean lies."""
    instance(mixture, Mixture, "mixture", "fit(points, 3).mixture")
    parts = [
        f"component {k} holds {_percent(weight)} around ({', '.join(f'{value:.3g}' for value in mean)})"
        for k, (weight, mean) in enumerate(zip(mixture.weights, mixture.means, strict=True), start=1)
    ]
    return f"Mixture of {mixture.n_components} Gaussians in {mixture.n_dimensions}-D:\n" + ";\n".join(parts) + "."


def step(step, number, previous=None) -> str:
    """Tell the state after `number` iterations; `previous` is the step before, for the gain."""
    instance(step, Step, "step", "fit(points, 3).steps[-1]")
    when = f"After iteration {number}" if number else "Start"
    return f"{when}: {_shares(step.mixture.weights)}; {_log_likelihood(step, previous)}."


def history(history) -> str:
    """Tell how the log-likelihood of a Fit, or of a list of steps, grew."""
    values = np.array([step.log_likelihood for step in steps_of(history)])
    gains = np.diff(values)
    text = f"Log-likelihood from {values[0]:.6g} to {values[-1]:.6g} nats in {_count(len(gains), 'iteration')}"
    falls = int((gains < 0).sum())
    return f"{text}; it falls {_count(falls, 'time')}." if falls else f"{text}; it never falls."


def responsibilities(responsibilities) -> str:
    """Tell how many points each component is most responsible for, and how many are shared."""
    responsibilities = real_array(responsibilities, "responsibilities", "(N, K)")
    counts = np.bincount(responsibilities.argmax(axis=1), minlength=responsibilities.shape[1])
    most = ", ".join(f"component {k} for {count}" for k, count in enumerate(counts, start=1))
    shared = int((responsibilities.max(axis=1) < CLEAR).sum())
    total = len(responsibilities)
    return f"Most responsible: {most} of {total} points.\nPoints without a component above {100 * CLEAR:g} %: {shared}."


def half_step(half, number, step, previous=None, left_out=0) -> str:
    """Tell in two short lines what a frame of an animation shows; `number` counts the M-steps so far.

    left_out : how many iterations lie unseen between the frame before and this one.
    """
    if half == "start":
        return f"Start\n{step.mixture.n_components} Gaussians; no point has a colour yet"
    if half == "M":
        shapes = SHAPES.get(step.mixture.n_dimensions, "components")
        return f"Iteration {number}, M-step: the {shapes} move to their points\n{_shares(step.mixture.weights)}"
    if half == "E":
        gap = f" ({left_out} not shown)" if left_out else ""
        heading = f"Iteration {number + 1}{gap}, E-step: each point is coloured anew"
    else:
        heading = f"After {_count(number, 'iteration')}"
    return f"{heading}\n{_log_likelihood(step, previous)}"


def _shares(weights):
    if len(weights) > LISTED:
        smallest, largest = _percent(min(weights)), _percent(max(weights))
        return f"{len(weights)} components hold from {smallest} to {largest} of the points each"
    shares = ", ".join(_percent(weight) for weight in weights)
    return f"components hold {shares} of the points" if len(weights) > 1 else "one component holds all points"


def _count(number, noun):
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _percent(share):
    return f"{100 * share:.1f} %"


def _log_likelihood(step, previous):
    if previous is None:
        return f"log-likelihood {step.log_likelihood:.6g}"
    gain = step.log_likelihood - previous.log_likelihood
    return f"log-likelihood {step.log_likelihood:.6g} ({gain:{'+.2f' if abs(gain) >= 0.01 else '+.0e'}})"
