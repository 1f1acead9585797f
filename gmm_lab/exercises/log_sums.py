"""Exercise: the logarithm of a sum of exponentials, row by row."""

import numpy as np

from gmm_lab.exercises import reading
from gmm_lab.exercises.cases import Case
from gmm_lab.exercises.diagnoses import slips_of
from gmm_lab.exercises.exercise import Exercise

PART = "the result"


def _cases(rng):
    yield Case(
        "the row (-1, 0, 1), and (2, 2, 2)",
        (np.array([[-1.0, 0.0, 1.0], [2.0, 2.0, 2.0]]),),
        "there are two rows of three values.",
        by_hand="in the first row the largest is 1, `exp` of the differences adds up to 1.5032, and its log is 0.4076.",
    )
    yield Case("a table of 5 rows and 3 columns", (rng.uniform(-3, 3, (5, 3)),), "the rows have nothing in common.")
    yield Case("a single column", (rng.uniform(-3, 3, (4, 1)),), "there is one value in a row, so it is the result.")
    table = rng.uniform(-3, 3, (4, 3)) + np.array([[-2000.0], [0.0], [2000.0], [0.0]])
    table[3, 0] -= 1500
    yield Case(
        "rows near -2000, 0 and 2000, and a row from -1500 to 0",
        (table,),
        "the values are so far from 0 that `exp` of them can't be held: it underflows to 0, or overflows.",
    )


def _read(answer, case):
    return {PART: reading.array(answer, "The result", (len(case.arguments[0]),), ("row",))}


def _solve(table, peak="", sum=""):
    taken = {
        "": table.max(axis=1),
        "outside logarithms": np.zeros(len(table)),
        "peak of the whole table": np.full(len(table), table.max()),
        "smallest taken out": table.min(axis=1),
    }.get(peak, table.max(axis=1))
    with np.errstate(all="ignore"):
        total = np.exp(table - taken[:, None]).sum(axis=1)
        if sum == "mean, not sum":
            total /= table.shape[1]
        log_total = 0 if peak == "peak only" else np.log(total)
        result = log_total + {"peak not added again": 0, "peak subtracted at the end": -1}.get(peak, 1) * taken
        if sum == "peak times the logarithm":
            result = taken * log_total
        if sum == "two columns only":
            result = np.logaddexp.reduce(table[:, :2], axis=1)
        if sum == "logarithm of the sum left out":
            result = total + taken
        if sum == "logarithm before the sum":
            result = np.log(np.exp(table - taken[:, None])).sum(axis=1) + taken
        if sum == "logarithm of logarithms":
            result = np.log(np.where(table > 0, table, np.nan)).sum(axis=1)
        if sum == "sum of the values":
            result = table.sum(axis=1)
        if sum == "logarithm left out":
            result = np.exp(result)
    return {PART: result / {"base 10": np.log(10), "base 2": np.log(2)}.get(sum, 1)}


log_sum_exp = Exercise(
    name="log_sum_exp",
    signature="my_log_sum_exp(table)",
    axes={PART: ("row",)},
    cases=_cases,
    read=_read,
    solve=_solve,
    slips=slips_of("log_sum_exp"),
)
