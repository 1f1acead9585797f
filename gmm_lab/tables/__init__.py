"""Tables of one's own: pandas reads them, and what is no table of numbers is refused in words that help to mend it."""

from pathlib import Path

import numpy as np

from gmm_lab.tables.text import TextTable, different, is_text
from gmm_lab.validation import Columns


def read_table(
    path: str | Path, columns: Columns = None, label_column: str | None = None
) -> tuple[np.ndarray, tuple[str, ...], tuple[np.ndarray, tuple[str, ...]] | None]:
    """Return points (N, D), names of the D columns, and the labels in `label_column`, (N,), with their names, or None.

    Raises ValueError, or an OSError where there is no such file, that says where and what to try.
    """
    columns = _checked(columns, label_column)
    text = TextTable(path)
    frame = text.frame()
    names = [*frame.columns]
    wanted = [*(columns if columns is not None else ()), *([label_column] if label_column is not None else ())]
    missing = [repr(name) for name in wanted if name not in names]
    if missing:
        raise ValueError(f"{path} has no column {', '.join(missing)}: its header is {', '.join(names)}")
    if all(is_text(frame[name]) for name in names):  # a spreadsheet leaves empty lines below a table
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
        kind, cells, _ = different(frame[label_column])
        label_names, label_of = np.unique(np.array(cells, dtype=object), return_inverse=True)
        labels = label_of[kind], tuple(label_names)
        text.refuse(frame[label_column], np.array(cells, dtype=object)[kind] == "", "a label")
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
