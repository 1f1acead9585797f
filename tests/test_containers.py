"""Points in the containers that people hold: what is taken, what travels along, and what is refused by name."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.mixture import GaussianMixture

from gmm_lab import (
    Mixture,
    animate,
    captions,
    datasets,
    e_step,
    em,
    explorers,
    figures,
    fit,
    k_means_plus_plus,
    m_step,
    play,
    storyboard,
    uniform_in_box,
)

NAMES = ("height (m)", "weight (kg)")


@pytest.fixture
def frame(points):
    return pd.DataFrame(points, columns=NAMES)


@pytest.fixture
def containers(points, frame):
    nullable = frame.astype("Float64")
    return {
        "data set": replace(datasets.eight_points(), points=points, columns=NAMES, labels=None),
        "data frame": frame,
        "nullable data frame": nullable,
        "pyarrow-free mixed frame": nullable.astype({NAMES[0]: "float64"}),
        "list of lists": points.tolist(),
        "Fortran order": np.asfortranarray(points),
        "read only": np.frombuffer(points.tobytes()).reshape(points.shape),
    }


def test_every_container_gives_the_same_fit(points, containers):
    expected = fit(points, 3).log_likelihoods
    for name, container in containers.items():
        np.testing.assert_array_equal(fit(container, 3).log_likelihoods, expected, err_msg=name)


def test_every_function_takes_every_container(points, containers, mixture):
    responsibilities, total = e_step(points, mixture)
    for container in containers.values():
        assert e_step(container, mixture)[1] == total
        assert m_step(container, responsibilities).means == pytest.approx(m_step(points, responsibilities).means)
        assert next(em(container, mixture)).log_likelihood == total
        assert mixture.predict(container).tolist() == mixture.predict(points).tolist()
        assert mixture.log_density(container).sum() == pytest.approx(total)
        for make_start in (k_means_plus_plus, uniform_in_box):
            assert make_start(container, 2).means.tolist() == make_start(points, 2).means.tolist()


@pytest.mark.parametrize("kind", ["float32", "float16", "int64", "uint8", "bool", "Int64", "boolean", "Float32"])
def test_other_number_types_are_taken(kind):
    values = pd.DataFrame([[0, 1], [1, 0], [1, 1], [0, 0]], columns=["a", "b"])
    assert fit(values.astype(kind), 1).mixture.means == pytest.approx(np.array([[0.5, 0.5]]))
    if hasattr(np, kind):
        assert fit(values.to_numpy(dtype=kind), 1).mixture.means == pytest.approx(np.array([[0.5, 0.5]]))


# Names of columns travel along


@pytest.fixture
def named(frame):
    return fit(frame, 2)


def labels_of(ax):
    return ax.get_xlabel(), ax.get_ylabel()


def test_names_reach_captions_and_axes(frame, named):
    assert f"{NAMES[0]} " in captions.points(frame)
    assert labels_of(figures.plot_points(frame)) == NAMES
    assert labels_of(figures.plot_step(named.steps[-1])) == NAMES


def test_names_reach_animation_player_and_storyboard(named, tmp_path, monkeypatch):
    seen = []
    import gmm_lab.pictures.animation as module

    around = module.View.around
    monkeypatch.setattr(module.View, "around", lambda *a, **k: seen.append(around(*a, **k)) or seen[-1])
    animate(named, tmp_path / "a.gif")
    play(named)
    storyboard(named)
    assert [view.columns for view in seen] == [NAMES] * len(seen)
    assert len(seen) >= 3


def test_names_reach_the_explorers(frame):
    found = explorers.em(frame, 2)
    assert labels_of(found._canvas.figure.axes[0]) == NAMES
    assert labels_of(explorers.e_step(frame, fit(frame, 2).mixture)._canvas.figure.axes[0]) == NAMES


def test_columns_only_rename(frame, named):
    assert labels_of(figures.plot_points(frame, columns=["a", "b"])) == ("a", "b")
    assert labels_of(figures.plot_step(named.steps[-1], columns=["a", "b"])) == ("a", "b")


def test_other_kinds_of_names(points, frame):
    for columns in (frame.columns, np.array(NAMES), iter(NAMES), pd.Series(NAMES)):
        assert labels_of(figures.plot_points(points, columns=columns)) == NAMES
    numbered = pd.DataFrame(points)
    assert labels_of(figures.plot_points(numbered)) == ("0", "1")


def test_names_of_a_wrong_kind_or_number(points):
    with pytest.raises(TypeError, match=re.escape("columns is the text 'ab', but a list of names")):
        figures.plot_points(points, columns="ab")
    with pytest.raises(ValueError, match="columns has 3 names, but points has 2 columns"):
        captions.points(points, columns="a b c".split())


# What is refused, with the way out


def masked(points):
    return np.ma.masked_greater(points, 3)


def missing(points):
    frame = pd.DataFrame(points).astype("Float64")
    frame.iloc[3, 1] = pd.NA
    return frame


def with_text(points):
    return pd.DataFrame(points, columns=["a", "b"]).assign(species="Adelie")


def with_dates(points):
    return pd.DataFrame(points).assign(day=pd.Timestamp("2024-01-15"))


REFUSED = [
    (masked, TypeError, r"points is a masked array, .* points\[~np.ma.getmaskarray\(points\).any\(axis=1\)\].data"),
    (sparse.csr_array, TypeError, r"points is a sparse matrix, .* give points.toarray\(\)"),
    (sparse.csc_matrix, TypeError, "points is a sparse matrix"),
    (lambda p: p + 1j, TypeError, "complex128, .* take the real and the imaginary part as two columns"),
    (lambda p: p.astype("datetime64[D]"), TypeError, r"datetime64.*\(dates - dates.min\(\)\) / np.timedelta64"),
    (lambda p: p.astype("timedelta64[s]"), TypeError, "timedelta64.* count in a unit"),
    (missing, ValueError, r"points holds nan at index \(3, 1\).* remove or replace .*\.dropna\(\)"),
    (with_text, TypeError, r"points holds the columns species \((str|object)\).*select_dtypes\('number'\)"),
    (with_dates, TypeError, r"points holds the columns day \(datetime64"),
    (lambda p: p.astype(str), TypeError, "points holds values of type <U.* keep the numeric columns"),
    (lambda p: p[0], ValueError, r"points has shape \(2,\).*\.reshape\(1, -1\) for a single point"),
    (lambda p: p[None], ValueError, r"points has shape \(1, 200, 2\)"),
    (lambda p: pd.Series(p[:, 0]), ValueError, r"points has shape \(200,\).*use \.to_frame\(\) for one column"),
    (lambda p: p[:, 0], ValueError, r"points has shape \(200,\).*\.reshape\(-1, 1\) for one column"),
    (lambda p: "table.csv", TypeError, r"points holds .* read the file first, with datasets\.read_csv"),
    (lambda p: [[1, 2], [3]], ValueError, "points has rows of different lengths"),
    (lambda p: None, TypeError, "points holds values of type object"),
    (lambda p: {"x": 1}, TypeError, "points holds values of type object"),
    (lambda p: p[:0], ValueError, r"points is empty \(shape \(0, 2\)\)"),
    (lambda p: pd.DataFrame(), ValueError, "points is empty"),
]


@pytest.mark.parametrize(("make", "error", "message"), REFUSED)
def test_what_is_refused(points, make, error, message):
    for use in (lambda p: fit(p, 2), captions.points, figures.plot_points, lambda p: explorers.em(p, 2)):
        with pytest.raises(error, match=message):
            use(make(points))


def test_the_way_out_of_a_mask_works(points):
    points = masked(points)
    kept = points[~np.ma.getmaskarray(points).any(axis=1)].data
    assert 0 < len(kept) < 200
    assert fit(kept, 1).mixture.means[0] == pytest.approx(kept.mean(axis=0))


# One tolerance


@pytest.mark.parametrize("off", [9e-7, -9e-7])
def test_rows_that_are_off_by_rounding_are_taken_throughout(points, mixture, off):
    responsibilities = e_step(points, mixture)[0] * (1 + off)
    moved = m_step(points, responsibilities)
    assert moved.weights.sum() == pytest.approx(1, abs=1e-15)
    Mixture(moved.weights * (1 + off), moved.means, moved.covariances).sample(10)


def test_scikit_learns_single_precision_is_taken(points):
    theirs = GaussianMixture(3, random_state=0).fit(points.astype(np.float32))
    assert theirs.means_.dtype == np.float32
    ours = Mixture(theirs.weights_, theirs.means_, theirs.covariances_)
    assert ours.log_density(points).sum() == pytest.approx(theirs.score(points) * len(points), rel=1e-4)
    assert fit(points, 3, start=ours).converged
