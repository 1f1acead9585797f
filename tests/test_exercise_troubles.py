"""What is no answer at all, or stands in the way of one, gets a kind word, and never a traceback of ours."""

import cProfile
import io
import queue
import re
import runpy
import signal
import sys
import threading
import time
import warnings
from types import SimpleNamespace

import hostile
import numpy as np
import pytest
from answers import mine

from gmm_lab import Mixture, datasets, e_step
from gmm_lab.exercises import check
from gmm_lab.exercises.engine import running, stopping


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
        (hostile.raises(ValueError()), "raises", "with ValueError. "),
        (exits, "raises", "SystemExit"),
        (recurses, "raises", "calls itself without end"),
        (lambda points, mixture: max([]), "raises", "Nothing is left there to choose from"),
        (prints_only, "returns nothing", "printed"),
        (moves_the_global_numbers, "global state", "`rng"),
        (writes_into_points, "changes its input", "argument 1"),
        (writes_into_means, "changes its input", "argument 2"),
        (Remembers(), "remembers", "two different answers"),
        (lambda points: e_step, "parameters", "`def my_e_step(points, mixture):`"),
        (
            e_step(datasets.eight_points().points, datasets.eight_points_start()),
            "not a function",
            "`check.e_step(my_e_step)`",
        ),
        (given_back(1.0), "parts", "responsibilities, log_likelihood"),
        (lambda points, mixture: (e_step(points, mixture)[0][:-1], 0.0), "shape", "(7, 2)"),
        (lambda points, mixture: (e_step(points, mixture)[0].astype(str), 0.0), "type", "real numbers"),
        (given_back(([[1, 0], [1]], 0.0)), "ragged", "different lengths"),
    ],
)
def test_troubles_get_a_kind_answer(function, diagnosis, seen):
    verdict = check.e_step(function)
    assert verdict.diagnosis == diagnosis, verdict
    assert seen in " ".join(repr(verdict).split())
    assert "Traceback" not in repr(verdict)


class Waits:
    def __array__(self, *_, **__):
        time.sleep(30)


def tries_again(function):
    """Return a function that nothing gets out of, as learners write it."""

    def again(*arguments):
        while True:
            try:
                function(*arguments)
            except:  # noqa: E722
                pass

    return again


def in_vain(*arguments):
    try:
        time.sleep(30)
    except:  # noqa: E722
        return e_step(*arguments)


def with_a_lock(*arguments):
    with threading.Condition():
        time.sleep(30)


def finally_again(*arguments):
    while True:
        try:
            time.sleep(30)
        finally:
            continue  # noqa: B012


def waits_for_a_thread(*arguments):
    thread = threading.Thread(target=time.sleep, args=(3,), daemon=True)
    thread.start()
    thread.join()


LOCK = threading.Lock()
LOCK.acquire()
COMPUTING = {
    "a loop": loops_for_ever,
    "a loop in a file": mine.loops_for_ever,
    "a regular expression": lambda *arguments: re.match("(a+)+$", "a" * 40 + "b"),
    "a loop that tries again": tries_again(lambda *arguments: sum(range(1000))),
}
WAITING = {
    "sleep": lambda *arguments: time.sleep(30),
    "a lock": lambda *arguments: LOCK.acquire(),
    "a queue": lambda *arguments: queue.Queue().get(),
    "an event": lambda *arguments: threading.Event().wait(),
    "a thread": waits_for_a_thread,
    "a sleep that tries again": tries_again(lambda *arguments: time.sleep(30)),
    "one that tries again in one that does": tries_again(tries_again(lambda *arguments: time.sleep(30))),
    "a sleep that is caught": in_vain,
    "a sleep and finally": finally_again,
    "a sleep in a with": with_a_lock,
    "a with that tries again": tries_again(with_a_lock),
    "what is returned": lambda *arguments: (Waits(), 0.0),
}


@pytest.fixture
def in_short(monkeypatch):
    """Let a check take a fraction of its time."""
    monkeypatch.setattr(running, "SECONDS", 0.2)
    monkeypatch.setattr(running, "PATIENCE", 0.3)


@pytest.mark.skipif(not stopping.TIMER, reason="here what waits can't be interrupted")
@pytest.mark.parametrize("function", WAITING.values(), ids=WAITING)
def test_what_waits_is_stopped_by_the_clock(in_short, function):
    began = signal.getsignal(stopping.TICK), sys.gettrace(), sys.getprofile()
    verdict = check.e_step(function)
    assert verdict.diagnosis == "sleeps or waits"
    assert "waited for more than 0.3 s" in repr(verdict)
    assert (signal.getsignal(stopping.TICK), sys.gettrace(), sys.getprofile()) == began
    assert sys.exc_info() == (None, None, None)


@pytest.mark.parametrize("function", COMPUTING.values(), ids=COMPUTING)
def test_what_computes_without_end_is_stopped(monkeypatch, function):
    monkeypatch.setattr(running, "SECONDS", 0.2)
    verdict = check.e_step(function)
    assert verdict.diagnosis == "never ends, or is slow"
    assert "still computing after 0.2 s" in " ".join(repr(verdict).split())
    assert "verdict.example" not in repr(verdict), "it would not end in the reader's hands either"


def what_is_everybodys():
    return signal.getsignal(stopping.TICK), signal.getitimer(signal.ITIMER_REAL), sys.gettrace(), sys.getprofile()


@pytest.mark.skipif(not stopping.TIMER, reason="here no timer ticks")
def test_a_tick_on_leaving_changes_nothing(monkeypatch):
    """It comes before each call that puts back what is everybody's."""
    leaving, before = False, what_is_everybodys()

    def ticking(function):
        def function_with_a_tick(*arguments):
            if leaving:
                signal.raise_signal(stopping.TICK)
            return function(*arguments)

        return function_with_a_tick

    with_ticks = {name: ticking(getattr(signal, name)) for name in ("setitimer", "signal")}
    monkeypatch.setattr(stopping, "signal", SimpleNamespace(**{**vars(signal), **with_ticks}))
    with pytest.raises(stopping.TooLong), stopping.Clocks(0.0, 0.0):
        leaving = True
        time.sleep(30)
    assert what_is_everybodys() == before


@pytest.mark.skipif(not stopping.TIMER, reason="here no timer ticks")
def test_a_tick_may_come_at_any_time(monkeypatch):
    monkeypatch.setattr(stopping, "LOOK", 1e-4)
    before = what_is_everybodys()
    for _ in range(500):
        with pytest.raises(stopping.TooLong):
            with stopping.Clocks(0.0, 0.0):
                time.sleep(30)
        assert what_is_everybodys() == before


def test_a_check_can_be_profiled(in_short):
    """What is right goes on being profiled; after what never ends nothing is."""
    profiler = cProfile.Profile()

    def profiled():
        verdict = check.e_step(e_step)
        str.title(verdict.status)
        return verdict, check.e_step(loops_for_ever)

    right, endless = profiler.runcall(profiled)
    assert right
    assert endless.diagnosis == "never ends, or is slow"
    assert "<method 'title' of 'str' objects>" in [str(entry.code) for entry in profiler.getstats()]


def test_without_a_timer_a_thread_looks(monkeypatch):
    """As on Windows; and as where there are no threads, nothing looks, and all else is the same."""
    monkeypatch.setattr(running, "SECONDS", 0.2)
    monkeypatch.setattr(stopping, "TIMER", False)
    monkeypatch.setattr(stopping, "TICK", signal.SIGTERM)
    assert check.e_step(loops_for_ever).diagnosis == "never ends, or is slow"
    monkeypatch.setattr(threading.Thread, "start", hostile.raises(RuntimeError("can't start new thread")))
    assert check.e_step(e_step)


def test_what_does_not_let_itself_be_stopped_is_told(monkeypatch, capsys):
    monkeypatch.setattr(running, "PATIENCE", 0.0)
    monkeypatch.setattr(stopping, "STUBBORN", 3)
    ended = time.monotonic() + 2

    def my_e_step(points, mixture):
        while time.monotonic() < ended:
            try:
                try:
                    time.sleep(0.3)
                except:  # noqa: E722
                    pass
            except:  # noqa: E722
                pass

    assert check.e_step(my_e_step).diagnosis == "sleeps or waits"
    assert capsys.readouterr().err.count("restart the kernel") == 1


def test_the_time_is_that_of_the_whole_check(monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 0.3)

    def my_e_step(points, mixture):
        ended = time.thread_time() + 0.1
        while time.thread_time() < ended:
            pass
        return e_step(points, mixture)

    assert check.e_step(my_e_step).diagnosis == "never ends, or is slow"


def test_without_timers_and_threads_a_loop_is_stopped_between_two_lines(monkeypatch):
    """As in a web page."""

    def no_thread(**given):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(stopping, "TIMER", False)
    monkeypatch.setattr(stopping.threading, "Thread", no_thread)
    monkeypatch.setattr(running, "SECONDS", 0.3)
    before = sys.gettrace()

    def my_e_step(points, mixture):
        while True:
            pass

    assert check.e_step(my_e_step).diagnosis == "never ends, or is slow"
    assert check.e_step(e_step)
    assert sys.gettrace() is before


def test_in_a_web_page_a_check_may_take_longer(monkeypatch):
    assert running.SECONDS == 5
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert runpy.run_path(running.__file__)["SECONDS"] == 10


def test_without_timers_and_threads_what_libraries_do_is_not_looked_at(monkeypatch):
    """Line by line it takes several times as long; between the learner's own lines it is."""
    looks = []
    monkeypatch.setattr(stopping, "TIMER", False)
    monkeypatch.setattr(stopping, "LOOK", 0.0)
    monkeypatch.setattr(threading.Thread, "start", hostile.raises(RuntimeError("can't start new thread")))
    monkeypatch.setattr(stopping.Clocks, "look", lambda clocks, event, frame: looks.append(frame.f_code.co_filename))

    def my_shares(points, mixture):
        table = mixture.log_joint(points)
        return np.linalg.norm(table, axis=1)

    with stopping.Clocks(60, 60):
        my_shares(np.eye(2), Mixture([1.0], [[0, 0]], [np.eye(2)]))
    assert __file__ in looks
    assert [file for file in looks if "site-packages" in file] == []


def test_without_timers_and_threads_it_looks_no_more_often_than_with_them(monkeypatch):
    """Or a right answer of many lines is taken for an endless one."""
    looks = []

    def look(clocks, event, frame):
        looks.append((time.monotonic(), frame.f_code.co_name))

    def many_lines():
        for n in range(100_000):
            assert n >= 0

    monkeypatch.setattr(stopping, "TIMER", False)
    monkeypatch.setattr(threading.Thread, "start", hostile.raises(RuntimeError("can't start new thread")))
    monkeypatch.setattr(stopping.Clocks, "look", look)
    with stopping.Clocks(60, 60):
        many_lines()
    times, names = zip(*looks, strict=True)
    assert "many_lines" in names
    assert len(times) <= 2 + (times[-1] - times[0]) / stopping.LOOK


@pytest.fixture
def look_after(monkeypatch):
    """Return what lets so many seconds pass, and so many of computing, before clocks are looked at."""
    times = {"thread_time": 0.0, "monotonic": 0.0}
    monkeypatch.setattr(stopping, "time", SimpleNamespace(**{name: lambda name=name: times[name] for name in times}))
    monkeypatch.setattr(stopping.Clocks, "_raise_again", lambda clocks, frame: None)

    def look(clocks, passed, computed):
        times["monotonic"] += passed
        times["thread_time"] += computed
        clocks.look(stopping.TICK, sys._getframe())

    return look


def test_a_busy_machine_is_no_reason_to_be_stopped(look_after):
    """Where others keep it from computing, it computes little in a long time, and yet more than what waits."""
    clocks = stopping.Clocks(5, 10)
    for _ in range(20):
        look_after(clocks, 2, 0.2)
    with pytest.raises(stopping.TooLong):
        look_after(clocks, 11, 0)
    assert clocks.ran_out == "sleeps or waits"


def test_what_computes_between_its_waits_is_stopped_in_the_end(look_after):
    clocks = stopping.Clocks(5, 10)
    look_after(clocks, 9, 0.2)
    with pytest.raises(stopping.TooLong):
        look_after(clocks, 9, 0.2)
    assert clocks.ran_out == "sleeps or waits"


def test_off_the_main_thread_nothing_is_interrupted():
    verdicts = []
    thread = threading.Thread(target=lambda: verdicts.append(check.e_step(e_step)))
    thread.start()
    thread.join()
    (verdict,) = verdicts
    assert verdict


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


def test_an_unfinished_answer_is_not_attempted():
    def my_m_step(points, responsibilities, reg_covar=0.0):
        counts = responsibilities.sum(axis=0)
        means = ...
        return Mixture(counts / len(points), means, means * 2)

    def not_written(points, mixture):
        raise NotImplementedError

    def of_another_kind(points, mixture):
        return io.RawIOBase().read(3)

    verdict = check.m_step(my_m_step)
    assert verdict.status == "not attempted"
    assert "three dots" in repr(verdict)
    assert check.e_step(not_written).status == "not attempted"
    assert check.e_step(of_another_kind).diagnosis == "raises"


def test_an_error_inside_a_mixture_is_not_one_of_its_making():
    verdict = check.m_step(lambda points, responsibilities, reg_covar: hostile.ONE.log_density(points))
    assert verdict.diagnosis == "raises"
    assert "No mixture can be made" not in repr(verdict)


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
