"""Sums and shares of numbers that are kept as logarithms, since they themselves would underflow."""

import numpy as np

LOG_2_PI = float(np.log(2 * np.pi))


def log_of(weights: np.ndarray) -> np.ndarray:
    """Return the logarithms of weights, (K,), of which some may be 0."""
    return np.log(weights, out=np.full(len(weights), -np.inf), where=weights > 0)


def log_sum_exp(log_values: np.ndarray) -> np.ndarray:
    """Return log(sum(exp(log_values))) over the last axis, without overflow or underflow.

    >>> print(log_sum_exp(np.array([-1000, -1001])).round(3))
    -999.687
    """
    peak = log_values.max(axis=-1)
    return peak + np.log(np.exp(log_values - peak[..., None]).sum(axis=-1))


def shares(log_joint: np.ndarray) -> np.ndarray:
    """Return the responsibilities, (N, K), that belong to a log-joint.

    They are divided by their own sum: far from all components, the log-density is too large a number to hold log 2.
    """
    parts = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    return parts / parts.sum(axis=1, keepdims=True)
