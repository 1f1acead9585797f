"""The line of names on top of a table: what separates them, and whether they are names."""

import csv
import re
from collections.abc import Sequence

SEPARATORS = (",", ";", "\t", "|")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def separator_of(header: str, rest: Sequence[str]) -> str:
    """Return what separates the values: what stands in the header, and as often in the lines below it."""

    def fitness(separator):
        count = len(next(csv.reader([header], delimiter=separator))) - 1
        same = [len(row) - 1 == count for row in csv.reader(rest, delimiter=separator)]
        return count > 0, sum(same) / max(len(same), 1), count

    best = max(SEPARATORS, key=fitness)
    if fitness(best)[0] or not rest:
        return best
    return max(SEPARATORS, key=lambda separator: min(line.count(separator) for line in rest))


def names_in(header: str, rest: Sequence[str], separator: str, where: str) -> list[str]:
    """Return the names in a header; raise ValueError where it is no line of names for the lines below it."""
    try:
        names = [name.strip() for name in next(csv.reader([header], delimiter=separator, strict=True))]
    except csv.Error:
        raise ValueError(
            f"{where}: a quotation mark is opened and not closed in this line: write all names on one line"
        ) from None
    if all(NUMBER.fullmatch(name.replace(",", ".")) for name in names):
        raise ValueError(
            f"{where}: found the numbers {header.strip()!r:.60}, where names of columns were expected: put a"
            f" line of names above them, such as {separator.join('xyzuvw'[: len(names)])}"
        )
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise ValueError(f"{where}: the name {twice[0]} stands twice in the header: give each column its own name")
    others = [len(row) for row in csv.reader(rest, delimiter=separator)]
    if len(names) == 1 and others and min(others) > 1:
        raise ValueError(
            f"{where}: found one value, {header.strip()!r:.60}, and {others[0]} values in the lines below it: if it"
            " is a title, remove the line, so that names of columns come first"
        )
    if len(names) == 1 and len(header.split()) > 1 and all(_are_numbers(line, len(header.split())) for line in rest):
        raise ValueError(f"{where}: the values seem to be separated by spaces: put a comma in place of each gap")
    return names


def _are_numbers(line, count):
    cells = line.split()
    return len(cells) == count and all(map(NUMBER.fullmatch, cells))
