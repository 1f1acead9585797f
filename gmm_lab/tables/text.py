"""A table as a text: its separator, its header, and where in it a value stands."""

import csv
import io
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gmm_lab.tables.files import CHUNK, bytes_of
from gmm_lab.tables.header import NUMBER, names_in, separator_of

if TYPE_CHECKING:
    from pandas import DataFrame, Series

# what people write for numbers: 1,234 or 1 234.5 or 12 % or $3 or 5 kg
LIKE_A_NUMBER = re.compile(r"[+-]?\s*[$€£]?\s*\d[\d.,'’\s]*([eEdD][+-]?\d+)?\s*([%$€£]|\s[A-Za-zµ°/²³]{1,6})?")
BEGINNINGS = {*"+-.$€£\N{MINUS SIGN}"}
MISSING = {"", "?", "-", "--", ".", "*", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "missing", "inf", "-inf"}


def different(column: "Series") -> tuple[np.ndarray, list[str], np.ndarray]:
    """Return for each cell of a column which of the different texts it is, these texts, stripped, and their counts."""
    import pandas as pd

    kind, cells = pd.factorize(column.to_numpy(dtype=object))
    return kind, [str(cell).strip() for cell in cells], np.bincount(kind, minlength=len(cells))


def _may_begin_a_number(cell):
    return cell[:1] in BEGINNINGS or cell[:1].isdecimal()


def is_text(column: "Series") -> bool:
    """Say whether a column of a data frame holds anything but numbers."""
    return column.dtype.kind not in "iufb"


class TextTable:
    """A table as a text of which the separator and the line of the header are known.

    first : the line of the header, as an editor counts lines.
    """

    def __init__(self, path: str | Path):
        self.path = path
        self.data = self._on_disk = bytes_of(path)
        if b"\n" not in self.data:
            self.data = self.data.replace(b"\r", b"\n")  # as long ago on a Mac
        if b"#" in self.data:
            self.data = re.sub(rb"(?m)^#.*$", b"", self.data)
        text = self.data[:CHUNK].decode(errors="replace").replace("\r\n", "\n")
        lines = iter(enumerate(text.split("\n", 50)[:50], start=1))
        self.first, header = next(((n, line) for n, line in lines if line.strip()), (1, ""))
        if told := re.fullmatch(r"\"?sep=(.)\"?", header.strip()):
            self.first, header = next(((n, line) for n, line in lines if line.strip()), (1, ""))
        rest = [line for _, line in lines if line.strip()][:20]
        if not header:
            raise ValueError(f"{path} is empty: a line of names and at least one line of numbers were expected")
        self.separator = told[1] if told else separator_of(header, rest)
        self.header = names_in(header, rest, self.separator, f"{path}, line {self.first}")
        comma = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")
        cells = [cell.strip() for row in csv.reader(rest, delimiter=self.separator) for cell in row]
        self.decimal = "," if self.separator != "," and any(map(comma.fullmatch, cells)) else "."

    def frame(self) -> "DataFrame":
        """Return the whole table as a data frame, in which a column with anything that is no number holds texts."""
        import pandas as pd

        names = self.header
        while names and not names[-1]:  # commas at the ends of lines
            names = names[:-1]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", pd.errors.ParserWarning)
                warnings.simplefilter("ignore", pd.errors.DtypeWarning)  # a slip far down in a column of numbers
                frame = pd.read_csv(
                    self.path if self.data is self._on_disk else io.BytesIO(self.data),  # a path is read faster
                    skiprows=self.first,
                    sep=self.separator,
                    decimal=self.decimal,
                    header=None,
                    names=range(len(self.header)),
                    index_col=False,
                    na_filter=False,
                    compression=None,  # whatever its name ends with: what is packed was refused
                )
        except (pd.errors.ParserError, pd.errors.ParserWarning):
            self._refuse_long_line()
            raise ValueError(
                f"{self.path}: a quotation mark is opened and never closed: find it and close it, or remove it"
            ) from None
        except pd.errors.EmptyDataError:
            frame = pd.DataFrame([], columns=range(len(self.header)), dtype=object)
        unnamed = range(len(names), len(self.header))
        if not all(is_text(frame[n]) and frame[n].isin(["", None]).all() for n in unnamed):
            names = self.header
        frame = frame[[*range(len(names))]]
        frame.columns = names
        return frame

    def _rows(self):
        """Yield the line and the cells of each row below the header, as an editor counts lines; slow."""
        text = io.StringIO(self.data.decode(), newline=None)
        reader, last = csv.reader(text, delimiter=self.separator), 0
        for row in reader:
            if last >= self.first and row:
                yield last + 1, row
            last = reader.line_num

    def _refuse_long_line(self):
        remedy = "name each column"
        for line, row in self._rows():
            if len(row) > len(self.header) and any(cell.strip() for cell in row[len(self.header) :]):
                raise ValueError(
                    f"{self.path}, line {line}: found {len(row)} values, where the header has {len(self.header)} names:"
                    f" {remedy}"
                )
            if self.separator == ",":  # and an earlier line was right
                remedy = "put quotation marks around a value with a comma inside, or a semicolon between values"

    def numbers(self, column: "Series", asked_for: bool) -> np.ndarray | None:
        """Return a column as numbers, or None where it holds texts and was not asked for."""
        if column.dtype.kind in "iuf":
            values = column.to_numpy(dtype=float)
            self.refuse(column, ~np.isfinite(values), "a finite number")
            return values
        kind, cells, counts = different(column)
        if not (asked_for or any(_may_begin_a_number(cell) for cell in cells)):
            return None
        given = np.array([cell.lower() not in MISSING for cell in cells]) @ counts
        cells = [cell.replace("\N{MINUS SIGN}", "-") for cell in cells]
        plain = cells
        if self.decimal == ",":  # then a point is no decimal point, and may stand for thousands
            plain = [cell.replace(".", "?").replace(",", ".") for cell in cells]
        right = np.array([bool(NUMBER.fullmatch(cell)) for cell in plain])
        if not right.all():
            like = np.array([bool(LIKE_A_NUMBER.fullmatch(cell)) for cell in cells]) @ counts
            if not asked_for and like < max(given, 1) / 2:
                return None
            self.refuse(column, ~right[kind], "a number such as 1234.5")
        return np.array(plain, dtype=float)[kind]

    def refuse(self, column: "Series", wrong: np.ndarray, expected: str) -> None:
        """Raise ValueError for the first of a column's cells that is wrong, if one is."""
        if not np.any(wrong):
            return
        place = int(column.index[int(np.argmax(wrong))])
        line, row = next(row for n, row in enumerate(self._rows()) if n == place)
        n = self.header.index(column.name)
        found = repr(row[n]) if n < len(row) else f"only {len(row)} of {len(self.header)} values"
        raise ValueError(
            f"{self.path}, line {line}, column {column.name}: found {found}, expected {expected}: write one, remove the"
            " line, or name other columns, as in columns=[...]"
        )
