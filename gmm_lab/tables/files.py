"""Files that are no tables, told from those that can be one."""

from pathlib import Path

CHUNK = 1 << 20  # bytes in which a line has to end
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


def bytes_of(path: str | Path) -> bytes:
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
