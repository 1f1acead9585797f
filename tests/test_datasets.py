"""The data sets, and tables of one's own."""

import csv
import functools
import json
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

import gmm_lab
from gmm_lab import datasets


def test_three_gaussians_are_drawn_from_their_truth():
    data, truth = datasets.three_gaussians(50_000), datasets.three_gaussians_truth()
    for k in range(3):
        cloud = data.points[data.labels == k]
        assert len(cloud) == 50_000
        np.testing.assert_allclose(cloud.mean(axis=0), truth.means[k], atol=0.005)
        np.testing.assert_allclose(np.cov(cloud.T), truth.covariances[k], atol=0.001)


def test_three_gaussians_are_seeded():
    first = datasets.three_gaussians()
    assert first.points.shape == (1500, 3)
    np.testing.assert_array_equal(first.points, datasets.three_gaussians(500, rng=0).points)
    assert (first.points != datasets.three_gaussians(rng=1).points).all()


def test_the_truth_explains_its_clouds_as_well_as_computed_by_simulation():
    """Its expected log-likelihood is 0.64 nats a point."""
    points = datasets.three_gaussians(100_000).points
    assert datasets.three_gaussians_truth().log_density(points).mean() == pytest.approx(0.64, abs=0.005)


@pytest.mark.parametrize(
    ("name", "shape", "means"),
    [("old_faithful", (272, 2), [3.487783, 70.897059]), ("penguins", (342, 3), [43.92193, 17.15117, 200.915205])],
)
def test_packaged_data_are_what_r_has(name, shape, means):
    data = getattr(datasets, name)()
    assert data.points.shape == shape
    np.testing.assert_allclose(data.points.mean(axis=0), means, rtol=1e-6)
    assert len(data.columns) == shape[1]
    assert all(re.search(r"\((mm|min)\)$", column) for column in data.columns)
    assert repr(data) == f"<Dataset: {shape[0]} points in {shape[1]}-D ({', '.join(data.columns)})>"


def test_penguins_have_species():
    data = datasets.penguins()
    assert data.label_names == ("Adelie", "Chinstrap", "Gentoo")
    np.testing.assert_array_equal(np.bincount(data.labels), [151, 68, 123])


def test_what_scikit_learn_finds_is_what_lesson_5_says_makes_it(penguins):
    """The code that is folded there, run against the library that is installed."""
    lesson = json.loads((Path(__file__).parent.parent / "notebooks" / "05_convergence.ipynb").read_text("utf-8"))
    (code,) = re.findall(
        r"```python\n(import warnings.*?)```", "".join("".join(c["source"]) for c in lesson["cells"]), re.S
    )
    begin = gmm_lab.k_means_plus_plus(penguins.points, 3, reg_covar=1e-6, rng=1)
    found = {"np": np, "penguins": penguins, "begin": begin}
    with warnings.catch_warnings():
        exec(code, found)
    kept = datasets.scikit_learn_on_penguins()
    np.testing.assert_allclose(kept, found["theirs"], rtol=1e-10)
    steps = gmm_lab.em(penguins.points, begin, m_step=functools.partial(gmm_lab.m_step, reg_covar=1e-6))
    ours = [step.log_likelihood for step, _ in zip(steps, kept, strict=False)]
    np.testing.assert_allclose(kept, ours, rtol=1e-10)


def test_source_and_licence_lie_beside_the_data():
    folder = Path(gmm_lab.__file__).parent / "data"
    notes = (folder / "SOURCES.md").read_text(encoding="utf-8")
    assert all(path.name in notes for path in folder.glob("*.csv"))
    assert "CC0" in notes


@pytest.fixture
def table(tmp_path):
    """A function that writes a table and returns its path."""

    def write(text, name="table.csv", **options):
        (tmp_path / name).write_text(text, encoding="utf-8", **options)
        return tmp_path / name

    return write


def test_columns_of_numbers_are_read_and_text_is_left_out(table):
    data = datasets.read_csv(table("name,height,weight\nAda,1.6,55\nBo,1.8,80\n"))
    np.testing.assert_array_equal(data.points, [[1.6, 55], [1.8, 80]])
    assert data.columns == ("height", "weight")
    assert data.labels is None


def test_columns_come_in_the_order_asked_for(table):
    path = table("a,b,c\n1,2,3\n4,5,6\n")
    np.testing.assert_array_equal(datasets.read_csv(path, columns=["c", "a"]).points, [[3, 1], [6, 4]])


def test_labels_are_counted_and_never_fitted(table):
    data = datasets.read_csv(table("kind,x\n7,1\n5,2\n7,3\n"), label_column="kind")
    assert data.columns == ("x",)
    np.testing.assert_array_equal(data.labels, [1, 0, 1])
    assert data.label_names == ("5", "7")


def test_a_spreadsheets_byte_order_mark_and_quotes_are_understood(table):
    path = table('"bill, length",y\r\n"1.5",2\r\n', newline="")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert datasets.read_csv(path).columns == ("bill, length", "y")


def test_what_is_read_is_what_the_csv_module_reads():
    with datasets.example_csv().open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    np.testing.assert_array_equal(datasets.read_csv(datasets.example_csv()).points, np.array(rows[1:], dtype=float))
