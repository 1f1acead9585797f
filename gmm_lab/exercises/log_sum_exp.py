"""Exercise: the logarithm of a sum of exponentials, row by row."""

from collections.abc import Iterator

import numpy as np

from gmm_lab.exercises.engine import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield tables (N, K): a tiny one, and others drawn anew."""
    yield Case(
        "the row (-1, 0, 1), and (2, 2, 2)",
        (np.array([[-1.0, 0.0, 1.0], [2.0, 2.0, 2.0]]),),
        "there are two rows of three values.",
        by_hand="in the first row the largest is 1, `exp` of the differences adds up to 1.5032, and its log is 0.4076.",
    )
    yield Case("a table of 5 rows and 3 columns", (rng.uniform(-3, 3, (5, 3)),), "the rows have nothing in common.")
    yield Case("a single column", (rng.uniform(-3, 3, (4, 1)),), "there is one value in a row, so it is the result.")
    table = rng.uniform(-3, 3, (5, 3)) + np.array([[-2000.0], [0.0], [2000.0], [0.0], [0.0]])
    table[3, 0] -= 1500
    table[4, :2] -= 1500
    yield Case(
        "rows near -2000, 0 and 2000, and two rows from -1500 to 0",
        (table,),
        "the values are so far from 0 that `exp` of them is out of range: it underflows to 0, or overflows.",
    )


exercise = Exercise(
    "log_sum_exp",
    "my_log_sum_exp(table)",
    "2.4 (7)",
    parts={"the result": ("result", "row")},
    cases=cases,
    read=lambda answer, array, *given: {"the result": array("the result", answer, "The result")},
    hints={
        "the result": """
In (7), m is the largest value of *one* row. A row must not know of the others.

`table.max(axis=1, keepdims=True)` is a column with the largest of each row, and can be subtracted from the table.

Exponentiate the difference, add along `axis=1`, take the logarithm, and add the largest of each row,
`table.max(axis=1)`.""",
    },
)

peak = exercise.stage("peak", lambda table: table.max(axis=1))
peak.slip("outside logarithms", lambda table: np.zeros(len(table))).told("""
Your formula is right, but `exp` of values as small as these underflows to 0, and of large ones overflows. Take the
largest value of each row out first.""")
peak.slip("peak of the whole table", lambda table: np.full(len(table), table.max())).told("""
The value that is taken out is the largest of the whole table. In a row that lies far below it, everything still
underflows: take out the largest of each row, `table.max(axis=1, keepdims=True)`.""")
peak.slip("smallest taken out", lambda table: table.min(axis=1)).told("""
The value that is taken out is the smallest. Then the largest exponent is far above 0, and `exp` overflows: take out the
largest.""")
peak.slip("mean taken out", lambda table: table.mean(axis=1)).told("""
The value that is taken out is the mean of the row. Where the largest is far above it, `exp` still overflows: take out
the largest.""")
peak.slip("peak not added again", put_back=lambda: 0).told("""
if the value that was taken out is not put back. Add it after the logarithm.""")
peak.slip("peak only", log_total=lambda: 0).told("""
This is only the largest value of each row. What the others add is missing: the logarithm of the sum.""")
peak.slip("peak subtracted at the end", put_back=lambda peak: -peak).told("""
if the largest value is subtracted once more at the end. It was taken out, so add it.""")

exercise.stage("scaled", lambda table, peak: np.exp(table - peak[:, None]))
exercise.stage("total", lambda scaled: scaled.sum(axis=1))
exercise.stage("log_total", lambda total: np.log(total))
exercise.stage("put_back", lambda peak: peak)
result = exercise.stage("result", lambda log_total, put_back: log_total + put_back)
result.slip("mean, not sum", total=lambda scaled: scaled.mean(axis=1)).told("""
These are the numbers with a mean where the sum should stand. Use `sum`.""")
result.slip("sum of the values", lambda table: table.sum(axis=1)).told("""
These are plain sums of the values. Adding logarithms multiplies: here what they are the logarithms *of* is to be added,
so `exp` comes first.""")
result.slip("logarithm left out", lambda result: np.exp(result)).told("""
The sum is right, but its logarithm was asked for. Leave out the last `exp`.""")
result.slip("base 10", lambda result: result / np.log(10)).told("""
These are logarithms to the base 10. Natural ones were asked for: `np.log`.""")
result.slip("base 2", lambda result: result / np.log(2)).told("""
These are logarithms to the base 2. Natural ones were asked for: `np.log`.""")
result.slip("logarithm of the sum left out", lambda total, peak: total + peak).told("""
if the sum is added to the largest value as it is. Take the logarithm of the sum first.""")
result.slip("logarithm before the sum", lambda scaled, peak: np.log(scaled).sum(axis=1) + peak).told("""
if the logarithm is taken of each `exp`, before they are added up. Look at the brackets: first the sum, then `np.log` of
it.""")
result.slip("logarithm of logarithms", lambda table: np.log(np.where(table > 0, table, np.nan)).sum(axis=1)).told("""
if a logarithm is taken of the values. They are logarithms already: `exp` comes first.""")
result.slip("peak times the logarithm", lambda peak, log_total: peak * log_total).told("""
if the largest value multiplies the logarithm. It is to be added.""")
result.slip("two columns only", lambda table: np.logaddexp.reduce(table[:, :2], axis=1)).told("""
if only the first two columns count. There may be more: add along the whole row.""")
