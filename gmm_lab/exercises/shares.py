"""Responsibilities and log-likelihood from a table of log-joints, (N, K), right or with a slip."""

import numpy as np


def shares_of(table, way):
    """Return the responsibilities (N, K), or what they are with one stage done otherwise."""
    log_sums = np.logaddexp.reduce(table, axis=1, keepdims=True)
    joint, right = np.exp(table), np.exp(table - log_sums)
    match way:
        case "normalised over points":
            return joint / joint.sum(axis=0)
        case "not normalised":
            return joint
        case "logarithms of the responsibilities":
            return table - log_sums
        case "hard decision":
            return np.eye(table.shape[1])[table.argmax(axis=1)]
        case "divided by the largest":
            return joint / joint.max(axis=1, keepdims=True)
        case "normalised over everything":
            return joint / joint.sum()
        case "columns in another order":
            return right[:, ::-1]
        case "underflow":
            return joint / joint.sum(axis=1, keepdims=True)
        case "logarithms divided by their sum":
            return table / table.sum(axis=1, keepdims=True)
        case "logarithms divided":
            return table / log_sums
        case "logarithms divided, then exp":
            return np.exp(table / log_sums)
        case "largest subtracted":
            return np.exp(table - table.max(axis=1, keepdims=True))
        case "sum of the logarithms subtracted":
            return np.exp(table - table.sum(axis=1, keepdims=True))
        case "upside down":
            return 1 / right
        case "log-likelihood subtracted":
            return np.exp(table - log_sums.sum())
    return right


def total_of(table, way, shares):
    """Return the log-likelihood, or what it is with one stage done otherwise; `shares` is the way of the shares."""
    log_density = np.logaddexp.reduce(table, axis=1)
    if shares == "underflow":
        log_density = np.log(np.exp(table).sum(axis=1))
    match way:
        case "summed once for each component":
            return table.shape[1] * log_density.sum()
        case "mean, not sum":
            return log_density.mean()
        case "base 10":
            return log_density.sum() / np.log(10)
        case "base 2":
            return log_density.sum() / np.log(2)
        case "minus the log-likelihood":
            return -log_density.sum()
        case "sum of all log-joints":
            return table.sum()
        case "average by the shares":
            return (np.exp(table - log_density[:, None]) * table).sum()
        case "sum of the responsibilities":
            return float(len(table))
        case "logarithm of the sum of the shares":
            return 0.0
        case "first component only":
            return table[:, 0].sum()
        case "sum of densities":
            return np.exp(log_density).sum()
        case "logarithm of the summed densities":
            return np.log(np.exp(log_density).sum())
        case "log-likelihood of the largest shares":
            return table.max(axis=1).sum()
        case "sum of the logarithms of responsibilities":
            return np.log(np.exp(table - log_density[:, None])).sum()
    return log_density.sum()
