"""Checks of drawn points and labels, before anything is averaged: what chance can't have drawn is told."""

import numpy as np

from gmm_lab.exercises.trouble import Trouble


def check_type(labels):
    """Raise Trouble where labels are an array of floats, which can't be indices."""
    if getattr(labels, "dtype", np.dtype(int)).kind == "f":
        raise Trouble(
            "labels of floats",
            f"`labels` holds {labels.dtype}; expected were whole numbers, so that they can be indices.",
            "Make room for them with `np.empty(n_points, dtype=int)`, or return `labels.astype(int)`.",
        )


def check_draws(points):
    """Raise Trouble where points can't have been drawn: not filled, or the same one twice."""
    strange = ~(np.abs(points) < 1e3).all(axis=1) | (points == 0).all(axis=1) | (np.abs(points) < 1e-200).any(axis=1)
    _, first, counts = np.unique(points, axis=0, return_index=True, return_counts=True)
    if strange.any() or counts.max() > 1:
        n = int(strange.argmax()) if strange.any() else int(first[counts.argmax()])
        place = ", ".join(f"{value:.4g}" for value in points[n])
        raise Trouble(
            "not drawn",
            f"Point {n + 1} (index {n}) is ({place}){'' if strange.any() else ', and so are others, exactly'}.",
            "A draw is never like that. Is every row filled, each with a fresh draw? `np.empty` makes room, and what is"
            " in it is by accident; nan comes from the root of a number below 0.",
        )


def check_labels(labels, mixture):
    """Raise Trouble where labels are not those of components, or have been arranged instead of drawn."""
    used, K = np.unique(labels), mixture.n_components
    if not np.array_equal(used, np.round(used)) or used.min() < 0 or used.max() > K:
        raise Trouble(
            "labels",
            f"`labels` holds {used[-1]:g}, and whole numbers from 0 to {K - 1} were expected.",
            "The label of a point is the index of its component, as in section 2.",
        )
    if used.max() == K:
        raise Trouble(
            "labels from 1",
            f"The labels go up to {K}, and the last of {K} components has the index {K - 1}.",
            "Let labels count from 0, as Python does; people may count from 1 when they read them.",
        )
    counts = np.bincount(labels.astype(int), minlength=K)
    if counts.min() < 50:
        k = int(counts.argmin())
        raise Trouble(
            "component missing",
            f"Of {len(labels)} points, {counts[k]} come from component {k + 1}, whose weight is"
            f" {mixture.weights[k]:g}.",
            "Choose the component anew for *each* point: lesson 1, section 2.",
        )
    if K == 5 and np.allclose(counts, mixture.weights * len(labels), atol=0.5, rtol=0):  # by chance once in 10 million
        raise Trouble(
            "counts arranged",
            "Each component has exactly its share of the points. A weight is a probability, not a promise.",
            "Let chance choose a component for each point: lesson 1, section 2.",
        )
