"""Points that do not fit into memory, or lie on several machines: the same fit as in memory, in every form."""

import os
import signal

import dask.array
import numpy as np
import pandas as pd
import pytest
from distributed import Client, LocalCluster

from gmm_lab import Mixture, animate, captions, fit
from gmm_lab.scale import SAMPLE
from gmm_lab.sources import source_of

N_POINTS = 40_000  # more than the sample from which a fit starts


@pytest.fixture(scope="module")
def many():
    rng = np.random.default_rng(3)
    labels = rng.integers(3, size=N_POINTS)
    return np.array([[0, 0], [4, 1], [1, 6]])[labels] + rng.normal(size=(N_POINTS, 2)) * [[1, 0.5]]


@pytest.fixture(scope="module")
def expected(many):
    return fit(many, 3)


def assert_same_trace(found, expected):
    np.testing.assert_allclose(found.log_likelihoods, expected.log_likelihoods, rtol=1e-10)
    np.testing.assert_allclose(found.mixture.means, expected.mixture.means, rtol=1e-9)


@pytest.fixture
def files(many, tmp_path):
    """The points as two files of NumPy's, and as one table."""
    for i, part in enumerate(np.split(many, [12_345])):
        np.save(tmp_path / f"{i}.npy", part)
    pd.DataFrame(many, columns=["height", "weight"]).to_csv(tmp_path / "table.csv", index=False)
    return tmp_path


def test_files_of_numpys_are_fitted_where_they_lie(files, expected):
    blocks = [np.load(files / f"{i}.npy", mmap_mode="r") for i in range(2)]
    assert_same_trace(fit(blocks, 3), expected)
    assert_same_trace(fit(lambda: (np.load(path, mmap_mode="r") for path in sorted(files.glob("*.npy"))), 3), expected)


def test_a_table_is_read_in_chunks_and_brings_its_names(files, expected):
    found = fit(lambda: pd.read_csv(files / "table.csv", chunksize=7000), 3)
    assert_same_trace(found, expected)
    assert found.steps[0].columns == ("height", "weight")


def test_one_mapped_file_is_not_read_into_memory(files, expected):
    joined = np.lib.format.open_memmap(files / "all.npy", mode="w+", dtype=np.float32, shape=(N_POINTS, 2))
    joined[:] = np.concatenate([np.load(files / f"{i}.npy") for i in range(2)])
    found = fit(joined, 3)
    assert np.shares_memory(found.steps[0].points, joined)
    np.testing.assert_allclose(found.log_likelihoods, expected.log_likelihoods, rtol=1e-6)


def test_a_step_shows_a_sample_and_counts_all(many, expected, tmp_path):
    found = fit(lambda: np.array_split(many, 7), 3)
    assert found.steps[0].n_points == N_POINTS
    assert found.responsibilities.shape == (SAMPLE, 3)
    assert {tuple(row) for row in found.steps[0].points} <= {tuple(row) for row in many}
    assert found.steps[0].points is found.steps[-1].points
    assert captions.history(found) == captions.history(expected)
    animate(found, tmp_path / "fit.gif")


def test_the_sample_is_drawn_evenly_and_whatever_the_blocks():
    numbers = np.arange(200_000.0)[:, None]
    rows = source_of(numbers).view.rows[:, 0]
    assert len(rows) == SAMPLE
    assert (np.diff(rows) > 0).all()
    counts = np.histogram(rows, 20, (0, 200_000))[0]
    assert abs(counts - SAMPLE / 20).max() < 5 * np.sqrt(SAMPLE / 20)
    for size in (1, 3, 50):
        np.testing.assert_array_equal(source_of(np.array_split(numbers, size)).view.rows[:, 0], rows)


@pytest.mark.parametrize(
    ("points", "error", "message"),
    [
        (iter([np.zeros((3, 2))]), TypeError, "can be read only once, .* give a function that starts anew"),
        ([np.zeros((3, 2)), np.zeros((3, 3))], ValueError, "blocks of 2 and of 3 columns"),
        ([np.zeros((3, 2)), [[1, 2], [3, np.nan]] * np.ones((2, 2))], ValueError, r"nan at index \(4, 1\)"),
        (lambda: iter(()), ValueError, "no block with a row in it"),
        (lambda: [np.zeros((0, 2))], ValueError, "no block with a row in it"),
        (lambda: [np.array([["a", "b"]])], TypeError, "values of type <U1"),
        (lambda: [np.zeros(3)], ValueError, r"shape \(3,\), but \(N, D\) was expected"),
    ],
)
def test_blocks_that_cannot_be_fitted(points, error, message):
    with pytest.raises(error, match=message):
        fit(points, 1)


def test_an_empty_block_is_passed_over(many, expected):
    assert_same_trace(fit([many[:0], many[:500], many[500:500], many[500:]], 3), expected)


# Interrupted


class InterruptedOnce:
    """Blocks that somebody interrupts while they are passed over for the time `number`."""

    def __init__(self, points, number):
        self.points, self.left = points, number

    def __call__(self):
        self.left -= 1
        yield self.points[:5000]
        if not self.left:
            raise KeyboardInterrupt
        yield self.points[5000:]


START = Mixture([0.5, 0.5], [[0, 0], [1, 1]], [np.eye(2)] * 2)


def test_an_interrupt_keeps_the_last_good_step(many):
    through = fit(many, 2, start=START)
    with pytest.warns(
        RuntimeWarning, match=r"interrupted: the best so far, after 3 iterations, .* start=result\.mixture"
    ):
        found = fit(InterruptedOnce(many, 6), 2, start=START)
    assert (found.interrupted, found.converged, found.n_iterations) == (True, False, 3)
    np.testing.assert_allclose(found.log_likelihoods, through.log_likelihoods[:4], rtol=1e-10)
    onwards = fit(many, 2, start=found.mixture)
    assert onwards.log_likelihood == pytest.approx(through.log_likelihood, rel=1e-10)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_interrupt_before_the_first_iteration_is_an_interrupt(many, number):
    with pytest.raises(KeyboardInterrupt):
        fit(InterruptedOnce(many, number), 2, start=START)


def test_an_interrupt_in_a_later_run_returns_an_earlier_one(many, expected):
    passes = 1 + len(expected.steps)
    with pytest.warns(RuntimeWarning, match=f"interrupted: the best so far, after {expected.n_iterations} iterations"):
        found = fit(InterruptedOnce(many, passes + 1), 3, n_init=5)
    assert found.interrupted
    assert found.converged


def test_a_bar_counts_iterations_on_request(many, capsys):
    found = fit(many, 3, start="k-means++", progress=True, n_init=2)
    told = capsys.readouterr().err
    assert "run 1 of 2" in told
    assert "run 2 of 2" in told
    assert f" {found.n_iterations} iterations" in told
    fit(many, 3, max_iter=50)
    assert capsys.readouterr().err == ""


# Dask


@pytest.fixture(scope="module")
def cluster():
    """Two processes of one thread each."""
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local,
        Client(local) as client,
    ):
        yield client


@pytest.mark.parametrize("chunks", [(7000, 2), (40_000, 1)])
def test_a_dask_array_gives_the_same_trace(many, expected, chunks):
    assert_same_trace(fit(dask.array.from_array(many, chunks=chunks), 3), expected)


def test_lengths_of_chunks_may_be_unknown(many, expected):
    points = dask.array.from_array(many, chunks=(7000, 2))
    assert_same_trace(fit(points[points[:, 0] > -1e9], 3), expected)


def test_two_processes_give_the_same_trace(many, expected, cluster):
    assert_same_trace(fit(dask.array.from_array(many, chunks=(4000, 2)), 3), expected)


def test_a_worker_that_dies_is_survived(many, expected, cluster, tmp_path):
    """It dies while it reads a block for an iteration; another one takes over what it had."""
    calls, died = tmp_path / "calls", tmp_path / "died"

    def read(block):
        with calls.open("ab") as file:
            file.write(b".")
        if calls.stat().st_size > 10 * 3 and not died.exists():
            died.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return block

    points = dask.array.from_array(many, chunks=(4000, 2)).map_blocks(read, dtype=float, meta=np.empty((0, 2)))
    assert_same_trace(fit(points, 3, start=expected.steps[0].mixture), expected)
    assert died.exists()
