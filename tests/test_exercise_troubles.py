"""What is no answer at all, or stands in the way of one, gets a kind word, and never a traceback of ours."""

import queue
import signal
import sys
import threading
import time
import warnings

import numpy as np
import pytest

from gmm_lab import Mixture, datasets, e_step, fit
from gmm_lab.exercises import check
from gmm_lab.exercises.engine import running

EXERCISES = vars(check)
POINTS, START = datasets.six_points().points, datasets.six_points_start()
JUNK = [
    "text",
    b"bytes",
    {},
    [],
    (),
    np.nan,
    1j,
    object(),
    [[1, 2], [3]],
    np.zeros(0),
    np.zeros((2, 2, 2, 2)),
    np.array([None]),
    (None, None),
    (None, None, None),
    ("a", "b"),
    ([], [], []),
    np.full((6, 2), np.inf),
    iter([1, 2]),
    True,
    Mixture([1], [[0]], [[[1]]]),
    [Mixture([1], [[0]], [[[1]]])],
    fit(POINTS, 1),
]


def given_back(value):
    return lambda *arguments: value


def loops_for_ever(points, mixture):
    while True:
        pass


def prints_only(points, mixture):
    print(e_step(points, mixture))


def divides_by_nothing(points, mixture):
    return 1 / 0


def misspells(points, mixture):
    return responsibilties  # noqa: F821


def exits(points, mixture):
    raise SystemExit


def recurses(points, mixture):
    return recurses(points, mixture)


def moves_the_global_numbers(points, mixture):
    np.random.rand()  # noqa: NPY002
    return e_step(points, mixture)


def writes_into_points(points, mixture):
    points += 1
    return e_step(points - 1, mixture)


def writes_into_means(points, mixture):
    mixture.means[0] = 0
    return e_step(points, mixture)


class Remembers:
    """A function that adds to what it found before."""

    def __init__(self):
        self.total = 0.0

    def __call__(self, points, mixture):
        shares, total = e_step(points, mixture)
        self.total += 1e-3
        return shares + self.total, total


@pytest.mark.parametrize(
    ("function", "diagnosis", "seen"),
    [
        (divides_by_nothing, "raises", "`return 1 / 0` with ZeroDivisionError"),
        (misspells, "raises", "name 'responsibilties' is not defined"),
        (exits, "raises", "SystemExit"),
        (recurses, "raises", "calls itself without end"),
        (prints_only, "returns nothing", "printed"),
        (moves_the_global_numbers, "global state", "`rng"),
        (writes_into_points, "changes its input", "argument 1"),
        (writes_into_means, "changes its input", "argument 2"),
        (Remembers(), "remembers", "two different answers"),
        (lambda points: e_step, "parameters", "`def my_e_step(points, mixture):`"),
        (
            e_step(datasets.six_points().points, datasets.six_points_start()),
            "not a function",
            "`check.e_step(my_e_step)`",
        ),
        (given_back(1.0), "parts", "responsibilities, log_likelihood"),
        (lambda points, mixture: (e_step(points, mixture)[0][:-1], 0.0), "shape", "(5, 2)"),
        (lambda points, mixture: (e_step(points, mixture)[0].astype(str), 0.0), "type", "real numbers"),
        (given_back(([[1, 0], [1]], 0.0)), "ragged", "different lengths"),
    ],
)
def test_troubles_get_a_kind_answer(function, diagnosis, seen):
    verdict = check.e_step(function)
    assert verdict.diagnosis == diagnosis, verdict
    assert seen in " ".join(repr(verdict).split())
    assert "Traceback" not in repr(verdict)


def test_what_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 0.3)
    verdict = check.e_step(loops_for_ever)
    assert verdict.diagnosis == "too long"
    assert "still computing after 0.3 s" in repr(verdict)


def sleeps(points, mixture):
    time.sleep(30)


def waits_for_a_lock(points, mixture):
    threading.Lock().acquire() and LOCK.acquire(timeout=30)


def waits_for_an_answer(points, mixture):
    queue.Queue().get(timeout=30)


LOCK = threading.Lock()
LOCK.acquire()


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="here a thread that waits can't be interrupted")
@pytest.mark.parametrize("function", [sleeps, waits_for_a_lock, waits_for_an_answer])
def test_what_waits_is_stopped_by_the_clock(monkeypatch, function):
    monkeypatch.setattr(running, "PATIENCE", 0.3)
    verdict = check.e_step(function)
    assert verdict.diagnosis == "too long"
    assert "not answered after 0.3 s" in repr(verdict)


def test_a_busy_machine_is_no_reason_to_be_stopped(monkeypatch):
    """As a function that others keep from computing: a long time by the clock, of which it computes hardly any."""
    monkeypatch.setattr(running, "SECONDS", 0.3)

    def my_e_step(points, mixture):
        time.sleep(0.5)
        return e_step(points, mixture)

    assert check.e_step(my_e_step).status == "right"


def test_off_the_main_thread_nothing_is_interrupted():
    verdicts = []
    thread = threading.Thread(target=lambda: verdicts.append(check.e_step(e_step)))
    thread.start()
    thread.join()
    assert [verdict.status for verdict in verdicts] == ["right"]


def test_two_threads_leave_what_is_printed_where_it_was():
    """The first begins before the second, and ends before it."""
    first_is_in, second_is_in, first_is_out = threading.Event(), threading.Event(), threading.Event()

    def first(points, mixture):
        first_is_in.set()
        second_is_in.wait(60)
        return e_step(points, mixture)

    def second(points, mixture):
        second_is_in.set()
        first_is_out.wait(60)
        return e_step(points, mixture)

    printed_to, shown = sys.stdout, warnings.filters
    checks = threading.Thread(target=lambda: (check.e_step(first), first_is_out.set()))
    checks.start()
    first_is_in.wait(60)
    other = threading.Thread(target=check.e_step, args=(second,))
    other.start()
    checks.join()
    other.join()
    assert sys.stdout is printed_to
    assert warnings.filters is shown


def test_what_it_prints_is_not_seen(capsys):
    def my_e_step(points, mixture):
        print("here I am")
        return e_step(points, mixture)

    assert check.e_step(my_e_step).status == "right"
    assert capsys.readouterr().out == ""


def test_an_unfinished_answer_is_not_attempted():
    def my_m_step(points, responsibilities, reg_covar=0.0):
        counts = responsibilities.sum(axis=0)
        means = ...
        return Mixture(counts / len(points), means, means * 2)

    def not_written(points, mixture):
        raise NotImplementedError

    verdict = check.m_step(my_m_step)
    assert verdict.status == "not attempted"
    assert "three dots" in repr(verdict)
    assert check.e_step(not_written).status == "not attempted"


@pytest.mark.parametrize("value", JUNK, ids=range(len(JUNK)))
@pytest.mark.parametrize("exercise", EXERCISES)
def test_nothing_that_is_returned_breaks_a_check(exercise, value):
    parameters = EXERCISES[exercise].signature.partition("(")[2].rstrip(")")
    names = {"value": value}
    exec(f"def answer({parameters}):\n    return value", names)
    verdict = EXERCISES[exercise](names["answer"])
    assert verdict.status == "wrong"
    assert len(verdict.told) >= 2


@pytest.mark.parametrize(
    ("make", "diagnosis"),
    [
        (lambda points, shares: Mixture(shares.mean(axis=1), points[:2], [np.eye(points.shape[1])] * 2), "wrong axis"),
        (lambda points, shares: Mixture(shares, points, points), "shape"),
        (lambda points, shares: Mixture(shares.mean(axis=0), points, [np.eye(points.shape[1])] * 2), "shape"),
        (lambda points, shares: Mixture([1, 0], points[:2], [np.ones((2, 3))] * 2), "shape"),
    ],
)
def test_a_mixture_that_can_not_be_made_is_told(make, diagnosis):
    verdict = check.m_step(lambda points, responsibilities, reg_covar: make(points, responsibilities))
    assert (verdict.status, verdict.diagnosis) == ("wrong", diagnosis), verdict


def test_a_mixture_that_is_refused_elsewhere_is_a_trouble_too():
    verdict = check.restarts(lambda points, starts: Mixture([2], [[0]], [[[1]]]))
    assert verdict.diagnosis == "raises"
    assert "weights sum to 2" in repr(verdict)


def test_room_that_was_never_filled():
    """Whatever lies in memory by accident."""
    for rest in (0.0, np.nan, np.inf, 1e300, 5e-324):

        def my_sample(mixture, n_points, rng, rest=rest):
            return np.full((n_points, mixture.n_dimensions), rest), rng.integers(3, size=n_points)

        assert check.sample(my_sample).diagnosis == "not drawn"


def test_no_verdict_warns():
    for answer in ((np.zeros((6, 2)), 0.0), (np.full((6, 2), np.nan), np.nan), (np.full((6, 2), np.inf), -np.inf)):
        assert check.e_step(given_back(answer)).status == "wrong"
