"""Tables of one's own: pandas reads them, and what is no table of numbers is refused in words that help to mend it."""

import csv
import io
import re
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np

CHUNK = 1 << 20  # bytes in which a line has to end
SEPARATORS = (",", ";", "\t", "|")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
# what people write for numbers: 1,234 or 1 234.5 or 12 % or $3 or 5 kg
LIKE_A_NUMBER = re.compile(r"[+-]?\s*[$€£]?\s*\d[\d.,'’\s]*([eE][+-]?\d+)?\s*([%$€£]|\s[A-Za-zµ°/²³]{1,6})?")
MISSING = {"", "?", "-", "--", ".", "*", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "missing", "inf", "-inf"}
SAVE = "open it in a spreadsheet and save it as CSV (UTF-8)"
OTHER_FILES = (
    (b"PK\x03\x04", "an Excel workbook or another zipped file", SAVE),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", SAVE),
    (b"\xff\xfe", "text in UTF-16", "open it in an editor or a spreadsheet and save it as UTF-8"),
    (b"\xfe\xff", "text in UTF-16", "open it in an editor or a spreadsheet and save it as UTF-8"),
    (b"\x1f\x8b", "a gzipped file", "unpack it first"),
    (b"%PDF", "a PDF", "copy the table into a spreadsheet and save it as CSV (UTF-8)"),
    (b"PAR1", "a Parquet file", "read it with pandas.read_parquet, and give the data frame to fit"),
    (b"\x89HDF", "an HDF5 file", "read it with pandas.read_hdf, and give the data frame to fit"),
    (b"\x93NUMPY", "a NumPy file", "read it with np.load, and give the array to fit"),
    (b"<", "a web page or XML", "download the file itself, not the page that shows it"),
    (b"{", "JSON", "read it with pandas.read_json, and give the data frame to fit"),
    (b"[", "JSON", "read it with pandas.read_json, and give the data frame to fit"),
)


def read_table(path, columns=None, label_column=None):
    """Return points (N, D), names of the D columns, and the texts of `label_column`, (N,), or None.

    Raises ValueError, or an OSError where there is no such file, that says where and what to try.
    """
    columns = _checked(columns, label_column)
    text = _Text(path)
    frame = text.frame()
    names = [*frame.columns]
    wanted = [*(columns if columns is not None else ()), *([label_column] if label_column is not None else ())]
    missing = [repr(name) for name in wanted if name not in names]
    if missing:
        raise ValueError(f"{path} has no column {', '.join(missing)}: its header is {', '.join(names)}")
    if all(_is_text(frame[name]) for name in names):  # a spreadsheet leaves empty lines below a table
        frame = frame[~frame.isin(["", None]).all(axis=1)]
    if not len(frame):
        raise ValueError(f"{path} holds a header and no values: at least one line of numbers was expected below it")
    candidates = columns if columns is not None else [name for name in names if name != label_column]
    read = {name: text.numbers(frame[name], asked_for=columns is not None) for name in candidates}
    read = {name: values for name, values in read.items() if values is not None}
    if not read:
        raise ValueError(
            f"{path} has no column of numbers: its header is {', '.join(names)}, and the first line below it is"
            f" {', '.join(map(str, frame.iloc[0]))}"
        )
    if "" in read:
        raise ValueError(
            f"{path}, line {text.first}: a column of numbers has no name. Name it, or choose columns by name, as in"
            f" columns={[name for name in read if name]}"
        )
    labels = None
    if label_column is not None:
        labels = frame[label_column].astype(str).str.strip().to_numpy(dtype=object)
        text.refuse(frame[label_column], labels == "", "a label")
    return np.column_stack([*read.values()]), tuple(read), labels


def _checked(columns, label_column):
    """Return `columns` as a list of different names, or None."""
    if columns is None:
        return None
    if isinstance(columns, str):
        raise ValueError(
            f"columns is the text {columns!r}, but a list of names was expected: try columns=[{columns!r}]"
        )
    columns = [str(name) if isinstance(name, str) else name for name in columns]
    if not columns or not all(isinstance(name, str) for name in columns):
        raise ValueError(f"columns is {columns}, but names of columns were expected, as they stand in the first line")
    for name in columns:
        if columns.count(name) > 1 or name == label_column:
            also = "as label_column too" if name == label_column else "twice"
            raise ValueError(f"columns names {name!r}, and it is named {also}: name each column once")
    return columns


def _is_text(column):
    return column.dtype.kind not in "iufb"


class _Text:
    """A table as a text of which the separator and the line of the header are known.

    first : the line of the header, as an editor counts lines.
    """

    def __init__(self, path):
        self.path = path
        self.data = _bytes(path)
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
        self.separator = told[1] if told else _separator(header, rest)
        self.header = next(csv.reader([header], delimiter=self.separator))
        self._check_header(header, rest)
        comma = re.compile(r"[+-]?\d+,\d+")
        cells = [cell.strip() for row in csv.reader(rest, delimiter=self.separator) for cell in row]
        self.decimal = "," if self.separator != "," and any(map(comma.fullmatch, cells)) else "."

    def _check_header(self, header, rest):
        where = f"{self.path}, line {self.first}"
        self.header = [name.strip() for name in self.header]
        if all(NUMBER.fullmatch(name.replace(",", ".")) for name in self.header):
            raise ValueError(
                f"{where}: found the numbers {header.strip()!r:.60}, where names of columns were expected: put a"
                f" line of names above them, such as {self.separator.join('xyzuvw'[: len(self.header)])}"
            )
        twice = sorted({name for name in self.header if name and self.header.count(name) > 1})
        if twice:
            raise ValueError(f"{where}: the name {twice[0]} stands twice in the header: give each column its own name")
        others = [len(row) for row in csv.reader(rest, delimiter=self.separator)]
        if len(self.header) == 1 and others and min(others) > 1:
            raise ValueError(
                f"{where}: found one value, {header.strip()!r:.60}, and {others[0]} values in the lines below it: if it"
                " is a title, remove the line, so that names of columns come first"
            )
        if (
            len(self.header) == 1
            and len(header.split()) > 1
            and all(
                len(line.split()) == len(header.split()) and all(map(NUMBER.fullmatch, line.split())) for line in rest
            )
        ):
            raise ValueError(f"{where}: the values seem to be separated by spaces: put a comma in place of each gap")

    def frame(self):
        """Return the whole table as a data frame, in which a column with anything that is no number holds texts."""
        import pandas as pd

        names = self.header
        while names and not names[-1]:  # commas at the ends of lines
            names = names[:-1]
        body = io.BytesIO(self.data)
        for _ in range(self.first):
            body.readline()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", pd.errors.ParserWarning)
                frame = pd.read_csv(
                    body,
                    sep=self.separator,
                    decimal=self.decimal,
                    header=None,
                    names=range(len(self.header)),
                    index_col=False,
                    na_filter=False,
                    low_memory=False,
                )
        except (pd.errors.ParserError, pd.errors.ParserWarning):
            self._refuse_long_line()
            raise ValueError(
                f"{self.path}: a quotation mark is opened and never closed: find it and close it, or remove it"
            ) from None
        except pd.errors.EmptyDataError:
            frame = pd.DataFrame([], columns=range(len(self.header)), dtype=object)
        unnamed = range(len(names), len(self.header))
        if not all(_is_text(frame[n]) and frame[n].isin(["", None]).all() for n in unnamed):
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
        for line, row in self._rows():
            if len(row) > len(self.header) and any(cell.strip() for cell in row[len(self.header) :]):
                remedy = "put quotation marks around a value with a comma inside, or a semicolon between values"
                raise ValueError(
                    f"{self.path}, line {line}: found {len(row)} values, where the header has {len(self.header)} names:"
                    f" {remedy if self.separator == ',' else 'name each column'}"
                )

    def numbers(self, column, asked_for):
        """Return a column as numbers, or None where it holds texts and was not asked for."""
        if column.dtype.kind in "iuf":
            values = column.to_numpy(dtype=float)
            self.refuse(column, ~np.isfinite(values), "a finite number")
            return values
        cells = [str(cell).strip().replace("\N{MINUS SIGN}", "-") for cell in column]
        plain = cells
        if self.decimal == ",":  # then a point is no decimal point, and may stand for thousands
            plain = [cell.replace(".", "?").replace(",", ".") for cell in cells]
        right = np.array([bool(NUMBER.fullmatch(cell)) for cell in plain])
        if not right.all():
            given = [cell for cell in cells if cell.lower() not in MISSING]
            like = sum(bool(LIKE_A_NUMBER.fullmatch(cell)) for cell in given)
            if not asked_for and (not given or like < len(given) / 2):
                return None
            self.refuse(column, ~right, "a number")
        return np.array(plain, dtype=float)

    def refuse(self, column, wrong, expected):
        """Raise ValueError for the first of a column's cells that is wrong, if one is."""
        if not np.any(wrong):
            return
        place = int(column.index[int(np.argmax(wrong))])
        line, row = next(row for n, row in enumerate(self._rows()) if n == place)
        n = self.header.index(column.name)
        found = repr(row[n]) if n < len(row) else f"only {len(row)} values"
        raise ValueError(
            f"{self.path}, line {line}, column {column.name}: found {found}, expected {expected}: write one, remove the"
            " line, or name other columns, as in columns=[...]"
        )


def _bytes(path):
    """Return what a file holds, if it can be a table."""
    if str(path).startswith(("http://", "https://", "ftp://")):
        raise ValueError(f"{path} is a web address: download the file, and give the name that you saved it under")
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder: name a file in it, as in {path / 'table.csv'}")
    if not path.exists():
        beside = sorted(other.name for other in path.parent.glob("*.csv"))[:5] if path.parent.is_dir() else []
        there = f"in {path.parent.resolve()} there are {', '.join(beside)}" if beside else "check folder and spelling"
        raise FileNotFoundError(f"there is no file {path}: {there}")
    if not path.is_file():
        raise ValueError(f"{path} is a device or a pipe: save the table as a file first")
    with path.open("rb") as file:
        head = file.read(CHUNK)
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        for beginning, kind, remedy in OTHER_FILES:
            if start.startswith(beginning):
                raise ValueError(f"{path} seems to be {kind}, and a CSV file was expected: {remedy}")
        if b"\0" in head:
            raise ValueError(f"{path} holds bytes that are no text, and a CSV file was expected: {SAVE}")
        if len(head) == CHUNK and b"\n" not in head and b"\r" not in head:
            raise ValueError(
                f"{path} has no end of a line in its first {CHUNK} bytes: is it a table with a row a line?"
            )
        file.seek(0)
        data = file.read().removeprefix(b"\xef\xbb\xbf")
    try:
        if not data.isascii():
            data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"{path}, line {line}: a letter is not in UTF-8, and the file seems to be in Latin-1, as older spreadsheets"
            f" write: {SAVE}"
        ) from None
    return data


def _separator(header: str, rest: Sequence[str]) -> str:
    """Return what separates the values: what stands in the header, and as often in the lines below it."""

    def fitness(separator):
        count = len(next(csv.reader([header], delimiter=separator))) - 1
        same = [len(row) - 1 == count for row in csv.reader(rest, delimiter=separator)]
        return count > 0, sum(same) / max(len(same), 1), count

    best = max(SEPARATORS, key=fitness)
    if fitness(best)[0] or not rest:
        return best
    return max(SEPARATORS, key=lambda separator: min(line.count(separator) for line in rest))
