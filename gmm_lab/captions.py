"""A caption for every picture, computed from the data: what a reader who can't see it would be told.

Functions are named after what they tell of; that comes first, without a name: `captions.points(penguins)`.
"""

from collections.abc import Sequence

import numpy as np

from gmm_lab.algorithm import History, Step, steps_of
from gmm_lab.labels import labels_array
from gmm_lab.mixture import Mixture
from gmm_lab.validation import Columns, Numbers, Points, instance, points_and_names, real_array

SHAPES = {1: "curves", 2: "ellipses", 3: "ellipsoids"}
CLEAR = 0.9  # a point is shared where no component's responsibility reaches this
LISTED = 4  # as many components are told one by one; of more, the largest and the smallest


def points(
    shown: Points, /, columns: Columns = None, label_names: Sequence[str] | None = None, labels: Numbers | None = None
) -> str:
    """Tell how many points there are, the range of each column, and how many bear each label.

    shown : points (N, D).  columns : D names, with units.  labels : (N,), whole numbers from 0, the places of their
    names in `label_names`. Raises ValueError or TypeError where they don't go together.

    >>> print(points([[1, 2.5], [3, -4]]))
    2 points in 2-D: x 1 to 3, y -4 to 2.5.
    """
    array, names = points_and_names(shown, columns)
    n_points, n_dimensions = array.shape
    ranges = [
        f"{name} {low:.4g} to {high:.4g}" for name, low, high in zip(names, array.min(0), array.max(0), strict=True)
    ]
    text = f"{n_points} points in {n_dimensions}-D: {', '.join(ranges)}"
    if labels is None:
        return text + "."
    counts = np.bincount(labels_array(labels))
    names = label_names or [f"component {k}" for k in range(1, len(counts) + 1)]
    return f"{text};\n{', '.join(f'{name} {count}' for name, count in zip(names, counts, strict=True))}."


def mixture(shown: Mixture, /) -> str:
    """Tell the weight of each component, and where its mean lies, in the data's units.

    >>> from gmm_lab import datasets
    >>> print(mixture(datasets.eight_points_start()))
    Mixture of 2 Gaussians in 2-D:
    component 1 of weight 0.500 around (1, 3);
    component 2 of weight 0.500 around (4, 1).
    """
    instance(shown, Mixture, "mixture", "fit(points, 3).mixture")
    parts = [
        f"component {k} of weight {weight:.3f} around ({', '.join(f'{value:.3g}' for value in mean)})"
        for k, (weight, mean) in enumerate(zip(shown.weights, shown.means, strict=True), start=1)
    ]
    return f"Mixture of {shown.n_components} Gaussians in {shown.n_dimensions}-D:\n" + ";\n".join(parts) + "."


def step(shown: Step, /, number: int, previous: Step | None = None) -> str:
    """Tell the state after `number` iterations; `previous` is the step before, for the gain in nats.

    >>> from gmm_lab import datasets, em
    >>> steps = em(datasets.eight_points(), datasets.eight_points_start())
    >>> print(step(next(steps), 0))
    Start: weights 0.500, 0.500; log-likelihood -37.755.
    """
    instance(shown, Step, "step", "fit(points, 3).steps[-1]")
    when = f"After iteration {number}" if number else "Start"
    return f"{when}: {_weights(shown.mixture.weights)}; {_log_likelihood(shown, previous)}."


def history(shown: History, /) -> str:
    """Tell how the log-likelihood of a Fit, or of a list of steps, grew, in nats.

    >>> from gmm_lab import datasets, fit
    >>> print(history(fit(datasets.old_faithful(), 2)))
    Log-likelihood from -1151.12 to -1130.26 nats in 5 iterations; it never falls.
    """
    values = np.array([step.log_likelihood for step in steps_of(shown)])
    gains = np.diff(values)
    text = f"Log-likelihood from {values[0]:.6g} to {values[-1]:.6g} nats in {_count(len(gains), 'iteration')}"
    falls = int((gains < 0).sum())
    return f"{text}; it falls {_count(falls, 'time')}." if falls else f"{text}; it never falls."


def responsibilities(shown: Numbers, /) -> str:
    """Tell how many points each component is most responsible for, and how many are shared.

    shown : responsibilities (N, K), rows sum to 1.

    >>> print(responsibilities([[1, 0], [0.95, 0.05], [0.4, 0.6]]))
    Most responsible: component 1 for 2, component 2 for 1 of 3 points.
    Points without a component above 90 %: 1.
    """
    shares = real_array(shown, "responsibilities", "(N, K)")
    counts = np.bincount(shares.argmax(axis=1), minlength=shares.shape[1])
    most = ", ".join(f"component {k} for {count}" for k, count in enumerate(counts, start=1))
    shared = int((shares.max(axis=1) < CLEAR).sum())
    total = len(shares)
    return f"Most responsible: {most} of {total} points.\nPoints without a component above {100 * CLEAR:g} %: {shared}."


def half_step(half: str, number: int, step: Step, previous: Step | None = None, left_out: int = 0) -> str:
    """Tell in two short lines what a frame of an animation shows; `number` counts the M-steps so far.

    half : "start", "E", "M" or "end".  previous : the step before, for the gain in nats.
    left_out : how many iterations lie unseen between the frame before and this one.
    """
    if half == "start":
        return f"Start\n{step.mixture.n_components} Gaussians; no point has a colour yet"
    if half == "M":
        shapes = SHAPES.get(step.mixture.n_dimensions, "components")
        return f"Iteration {number}, M-step: the {shapes} move to their points\n{_weights(step.mixture.weights)}"
    if half == "E":
        gap = f" ({left_out} not shown)" if left_out else ""
        heading = f"Iteration {number + 1}{gap}, E-step: each point is coloured anew"
    else:
        heading = f"After {_count(number, 'iteration')}"
    return f"{heading}\n{_log_likelihood(step, previous)}"


def _weights(weights):
    if len(weights) > LISTED:
        return f"{len(weights)} weights from {min(weights):.3f} to {max(weights):.3f}"
    listed = ", ".join(f"{weight:.3f}" for weight in weights)
    return f"weights {listed}" if len(weights) > 1 else "a single component"


def _count(number, noun):
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _log_likelihood(step, previous):
    if previous is None:
        return f"log-likelihood {step.log_likelihood:.6g}"
    gain = step.log_likelihood - previous.log_likelihood
    return f"log-likelihood {step.log_likelihood:.6g} ({gain:{'+.2f' if abs(gain) >= 0.01 else '+.0e'}})"
