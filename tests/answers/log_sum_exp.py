"""Answers to the exercise log_sum_exp: table -> (rows,)."""

import numpy as np
from scipy.special import logsumexp

from answers.registry import right, wrong


@right("log_sum_exp")
def sum_by_loops(table):
    result = np.zeros(len(table))
    for n, row in enumerate(table):
        m = max(row)
        result[n] = m + np.log(sum(np.exp(v - m) for v in row))
    return result


@right("log_sum_exp")
def sum_by_hand(table):
    m = table.max(axis=1)
    return m + np.log(np.exp(table - m[:, None]).sum(axis=1))


@right("log_sum_exp")
def sum_by_scipy(table):
    return logsumexp(table, axis=1)


@right("log_sum_exp")
def sum_by_numpy(table):
    return np.logaddexp.reduce(table, axis=1)


@wrong("log_sum_exp", "outside logarithms")
def plain_sum(table):
    return np.log(np.exp(table).sum(axis=1))


@wrong("log_sum_exp", "peak of the whole table")
def one_peak(table):
    m = table.max()
    return m + np.log(np.exp(table - m).sum(axis=1))


@wrong("log_sum_exp", "peak not added again")
def peak_forgotten(table):
    return np.log(np.exp(table - table.max(axis=1, keepdims=True)).sum(axis=1))


@wrong("log_sum_exp", "wrong axis")
def along_the_columns(table):
    return logsumexp(table, axis=0)


@wrong("log_sum_exp", "logarithm before the sum")
def bracket_too_early(table):
    m = table.max(axis=1)
    return m + np.log(np.exp(table - m[:, None])).sum(axis=1)


@wrong("log_sum_exp", "logarithm of the sum left out")
def log_forgotten(table):
    m = table.max(axis=1)
    return m + np.exp(table - m[:, None]).sum(axis=1)


@wrong("log_sum_exp", "peak subtracted at the end")
def peak_with_the_other_sign(table):
    m = table.max(axis=1)
    return np.log(np.exp(table - m[:, None]).sum(axis=1)) - m


@wrong("log_sum_exp", "smallest taken out")
def smallest_first(table):
    m = table.min(axis=1)
    return m + np.log(np.exp(table - m[:, None]).sum(axis=1))


@wrong("log_sum_exp", "mean taken out")
def mean_for_peak(table):
    m = table.mean(axis=1)
    return m + np.log(np.exp(table - m[:, None]).sum(axis=1))


@wrong("log_sum_exp", "two columns only")
def first_two(table):
    return np.logaddexp(table[:, 0], table[:, 1] if table.shape[1] > 1 else -np.inf)
