"""Tables of one's own: read right, or refused with a sentence that mends them."""

import gzip
import os

import numpy as np
import pandas as pd
import pytest

from gmm_lab import animate, datasets, fit

RIGHT = {
    "comma": ("x,y\n1,2\n3,4\n", {}, "xy", [[1, 2], [3, 4]]),
    "semicolons and decimal commas": ("x;y\n1,5;2,5\n3,5;4,5\n", {}, "xy", [[1.5, 2.5], [3.5, 4.5]]),
    "tabs": ("x\ty\n1\t2\n", {}, "xy", [[1, 2]]),
    "bars": ("x|y\n1|2\n", {}, "xy", [[1, 2]]),
    "one column": ("x\n1\n2\n", {}, "x", [[1], [2]]),
    "byte order mark": ("\ufeffx,y\n1,2\n", {}, "xy", [[1, 2]]),
    "lines of Windows": ("x,y\r\n1,2\r\n3,4\r\n", {}, "xy", [[1, 2], [3, 4]]),
    "lines of an old Mac": ("x,y\r1,2\r3,4\r", {}, "xy", [[1, 2], [3, 4]]),
    "comments": ("# from the lab\nx,y\n1,2\n# later\n3,4\n", {}, "xy", [[1, 2], [3, 4]]),
    "sep= on top": ("sep=;\nx;y\n1;2\n", {}, "xy", [[1, 2]]),
    "blank lines": ("\nx,y\n\n1,2\n\n", {}, "xy", [[1, 2]]),
    "empty lines of a spreadsheet": ("x,y\n1,2\n,\n,\n", {}, "xy", [[1, 2]]),
    "trailing commas": ("x,y,\n1,2,\n3,4,\n", {}, "xy", [[1, 2], [3, 4]]),
    "trailing commas below the header": ("x,y\n1,2,\n3,4,\n", {}, "xy", [[1, 2], [3, 4]]),
    "spaces around": ("x , y\n 1 , 2 \n", {}, "xy", [[1, 2]]),
    "quotes": ('x,y\n"1.5",2\n', {}, "xy", [[1.5, 2]]),
    "a Unicode minus": ("x,y\n\N{MINUS SIGN}1.5,60\n1.8,80\n", {}, "xy", [[-1.5, 60], [1.8, 80]]),
    "exponents": ("x,y\n1e-3,.5\n+2E2,3.\n", {}, "xy", [[0.001, 0.5], [200, 3]]),
    "exponents with a decimal comma": ("x;y\n1,5E+02;2\n2;3\n", {}, "xy", [[150, 2], [2, 3]]),
    "an inch in a name": ('x (");y\n1;2\n', {}, ['x (")', "y"], [[1, 2]]),
    "beyond 64 bits": ("x\n99999999999999999999\n1\n", {}, "x", [[1e20], [1]]),
    "an underscore is text": ("sample,x\n1_2,1\n2_3,2\n", {}, "x", [[1], [2]]),
    "a day is text": ("day,x\n2024_01_15,1\n2024_01_16,2\n", {}, "x", [[1], [2]]),
    "truth is text": ("x,y\nTrue,1\nFalse,2\n", {}, "y", [[1], [2]]),
    "a text with a line's end": ('x,s\n1,"a\nb"\n2,c\n', {}, "x", [[1], [2]]),
    "columns by name": ("x,y\n1,2\n3,4\n", {"columns": pd.Index(["y"])}, "y", [[2], [4]]),
    "columns in an array": ("x,y\n1,2\n3,4\n", {"columns": np.array(["y", "x"])}, "yx", [[2, 1], [4, 3]]),
    "a column without a name left out": (",x\n0,1\n1,3\n", {"columns": ["x"]}, "x", [[1], [3]]),
}
WRONG = {
    "NA": (
        "x,y\nNA,60\n1.8,80\n",
        {},
        r"line 2, column x: found 'NA', expected a number such as 1234.5: write one, remove",
    ),
    "a question mark": ("x,y\n?,60\n1.8,80\n", {}, r"line 2, column x: found '\?'"),
    "nothing": ("x,y\n,60\n1.8,80\n", {}, r"line 2, column x: found ''"),
    "thousands": ('x,y\n"1,234",60\n1.8,80\n', {}, r"line 2, column x: found '1,234'"),
    "thousands everywhere": ('x,y\n"1,234",60\n"2,345",80\n', {}, r"line 2, column x: found '1,234'"),
    "units": ("x,y\n12 kg,1\n13 kg,2\n", {}, r"line 2, column x: found '12 kg'"),
    "per cent": ("x,y\n10%,1\n20%,2\n", {}, r"line 2, column x: found '10%'"),
    "a point beside decimal commas": ("x;y\n1,5;2,5\n1.234;3\n", {}, r"line 3, column x: found '1\.234'"),
    "one more value": ("x,y\n900,5\n1,200,6\n", {}, r"line 3: found 3 values, where the header has 2 names"),
    "one more value at once": ("x,y\n1,200,6\n900,5\n", {}, r"line 2: found 3 values"),
    "one value less": ("x,y\n1\n3,4\n", {}, r"line 2, column y: found only 1 of 2 values"),
    "names of rows": ("x,y\na,1,2\nb,3,4\n", {}, r"line 2: found 3 values, .* 2 names: name each column"),
    "an end of a line in the header": ('"height\n(m)",y\n1,2\n', {}, "line 1: a quotation mark.*names on one line"),
    "exponents of Fortran": ("x,y\n1.5D+00,2\n2.5D-01,3\n", {}, r"line 2, column x: found '1.5D\+00'"),
    "lines as an editor counts": ('s,x\n"a\nb",1\n\n# c\nd,oops\ne,2\nf,3\n', {}, r"line 6, column x: found 'oops'"),
    "no header": ("1.5,2.5\n3.5,4.5\n", {}, r"line 1: found the numbers '1.5,2.5'.*put a line of names"),
    "a name twice": ("x,x,y\n1,2,3\n", {}, r"line 1: the name x stands twice in the header"),
    "a title": ("My data\nx,y\n1,2\n3,4\n", {}, r"line 1: found one value, 'My data'.*if it is a title, remove"),
    "spaces": ("x y\n1 2\n3 4\n", {}, r"separated by spaces: put a comma"),
    "a column without a name": (",x\n0,1\n1,3\n", {}, r"has no name. Name it, or choose .*columns=\['x'\]"),
    "infinite": ("x\n1e400\n2\n", {}, r"line 2, column x: found '1e400', expected a finite number"),
    "an open quote": ('x,s\n1,"a\n2,c\n', {}, "a quotation mark is opened and never closed"),
    "only text": ("name,group\na,b\n", {}, "has no column of numbers: its header is name, group"),
    "only a header": ("x,y\n", {}, "holds a header and no values"),
    "empty": ("\n\n", {}, "is empty"),
    "a text for columns": ("x,y\n1,2\n", {"columns": "height"}, r"try columns=\['height'\]"),
    "numbers for columns": ("x,y\n1,2\n", {"columns": [0, 1]}, r"columns is \[0, 1\], but names"),
    "no such column": ("x,y\n1,2\n", {"columns": ["z"]}, r"has no column 'z': its header is x, y"),
    "a label that is a column": ("x,s\n1,a\n", {"columns": ["x", "s"], "label_column": "s"}, "as label_column too"),
    "a column asked for twice": ("x,y\n1,2\n", {"columns": ["x", "x"]}, "named twice"),
    "a text asked for": ("x,y\n1,a\n", {"columns": ["x", "y"]}, "line 2, column y: found 'a'"),
    "a label missing": ("x,s\n1,a\n2,\n", {"label_column": "s"}, "line 3, column s: found '', expected a label"),
}
FILES = {
    "Latin-1": ("größe,y\n1,2\n".encode("latin-1"), "line 1: a letter is not in UTF-8.*Latin-1.*save it as CSV"),
    "UTF-16": ("x,y\n1,2\n".encode("utf-16"), "seems to be text in UTF-16.*save it as UTF-8"),
    "xlsx": (b"PK\x03\x04[Content_Types].xml", "seems to be an Excel workbook.*save it as CSV"),
    "gzip": (gzip.compress(b"x,y\n1,2\n"), "seems to be a gzipped file.*unpack it"),
    "a page": (b"<!DOCTYPE html>\n<p>x,y</p>", "seems to be a web page.*download the file itself"),
    "JSON": (b'{"x": [1, 2]}', "seems to be JSON"),
    "bytes": (b"x,y\n1,\0\n", "holds bytes that are no text"),
    "a line without an end": (b"1," * (1 << 20), "has no end of a line in its first"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_table_is_read(name, tmp_path):
    text, options, columns, points = RIGHT[name]
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode())
    data = datasets.read_csv(path, **options)
    assert data.columns == tuple(columns)
    assert all(type(column) is str for column in data.columns)
    np.testing.assert_array_equal(data.points, points)


@pytest.mark.parametrize("name", WRONG)
def test_a_table_is_refused_in_words_that_mend_it(name, tmp_path):
    text, options, message = WRONG[name]
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode())
    with pytest.raises(ValueError, match=f"(?s){message}"):
        datasets.read_csv(path, **options)


@pytest.mark.parametrize("name", FILES)
def test_another_kind_of_file_is_named(name, tmp_path):
    data, message = FILES[name]
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=f"(?s)table.csv.*{message}"):
        datasets.read_csv(path)


def test_what_is_no_file_is_told(tmp_path):
    (tmp_path / "there.csv").write_text("x\n1\n", encoding="utf-8")
    with pytest.raises(FileNotFoundError, match=r"there is no file .*gone.csv: in .* there are there.csv"):
        datasets.read_csv(tmp_path / "gone.csv")
    with pytest.raises(IsADirectoryError, match="is a folder: name a file in it"):
        datasets.read_csv(tmp_path)
    with pytest.raises(ValueError, match="is a web address: download the file"):
        datasets.read_csv("https://example.org/table.csv")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
def test_pipes_and_devices_do_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", "/dev/full"):
        with pytest.raises(ValueError, match="is a device or a pipe"):
            datasets.read_csv(path)


def test_labels_are_texts(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("x,kind\n1,b\n2, a\n3,7\n", encoding="utf-8")
    data = datasets.read_csv(path, label_column="kind")
    assert data.label_names == ("7", "a", "b")
    assert data.labels.tolist() == [2, 1, 0]
    np.testing.assert_array_equal(data.points, [[1], [2], [3]])


def test_every_digit_is_kept(tmp_path, rng):
    points = rng.normal(size=(500, 3)) * 10.0 ** rng.integers(-8, 8, (500, 3))
    pd.DataFrame(points, columns=list("abc")).to_csv(tmp_path / "table.csv", index=False)
    np.testing.assert_array_equal(datasets.read_csv(tmp_path / "table.csv").points, points)


def test_from_an_ugly_file_to_a_gif_in_three_lines(tmp_path, rng):
    clouds = np.concatenate([rng.normal(0, 1, (60, 2)), rng.normal(6, 1, (60, 2))])
    rows = [f"{n + 1};{x:.3f};{y:.3f};".replace(".", ",") for n, (x, y) in enumerate(clouds)]
    text = "\ufeffsep=;\r\n" + "\r\n".join(["Nr;Länge $a_1$ (mm);Breite 100%;", *rows]) + "\r\n;;;\r\n"
    (tmp_path / "mine.csv").write_bytes(text.encode())
    mine = datasets.read_csv(tmp_path / "mine.csv", columns=["Länge $a_1$ (mm)", "Breite 100%"])
    found = fit(mine, n_components=2)
    written = animate(found, tmp_path / "mine.gif")
    assert found.steps[0].columns == ("Länge $a_1$ (mm)", "Breite 100%")
    np.testing.assert_allclose(np.sort(found.mixture.means[:, 0]), [0, 6], atol=0.5)
    assert written.path.stat().st_size > 10_000


def test_a_slip_far_down_in_a_large_file_is_found(tmp_path):
    path = tmp_path / "table.csv"
    lines = [f"{n},{n / 7:.3f}" for n in range(400_000)]
    path.write_text("\n".join(["x,y", *lines, "oops,1", ""]), encoding="utf-8")
    with pytest.raises(ValueError, match=r"line 400002, column x: found 'oops'"):
        datasets.read_csv(path)


@pytest.mark.parametrize("name", ["table.csv.gz", "table.zip", "table.bz2"])
def test_a_table_is_known_by_what_it_holds_whatever_its_name(name, tmp_path):
    (tmp_path / name).write_text("x,y\n1,2\n", encoding="utf-8")
    assert datasets.read_csv(tmp_path / name).points.tolist() == [[1, 2]]
