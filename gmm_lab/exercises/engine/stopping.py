"""Stopping what does not end: ten times a second the main thread looks at its clocks, whatever it is doing.

Where the system has a timer, the look comes from there: it reaches what sleeps, waits for a lock, or keeps Python from
switching threads, as a regular expression does. On Windows it comes from a thread, and reaches what computes in Python.
Where there are no threads either, as in a web page, it comes between two lines of the learner's own. Off the main
thread nothing is stopped; nor is, anywhere, one long call into compiled code before it returns.
"""

import _thread
import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator

COMPUTES, WAITS = "never ends, or is slow", "sleeps or waits"  # what may be too much, as a check calls it
LOOK = 0.1  # seconds between two looks
SHARE = 10  # times the seconds computed that may pass besides, since a busy machine gives a process a tenth or more
STUBBORN = 20  # looks after which what still runs gets a word
TIMER = hasattr(signal, "setitimer")
TICK = signal.SIGALRM if TIMER else signal.SIGTERM
PACKAGES = "site-packages"  # between whose lines a page does not look: they end, and a look at each takes long


class TooLong(BaseException):
    """Raised where the time has run out; no `except Exception` of a learner catches it."""


def _computed():
    return time.thread_time() if hasattr(time, "thread_time") else time.process_time()  # a page has one thread


class Clocks:
    """What the main thread has computed, and how long that took; `ran_out` names what was too much."""

    def __init__(self, computing: float, waiting: float) -> None:
        self.computing, self.waiting = computing, waiting
        self.began = _computed(), time.monotonic()
        self.ran_out, self.late = "", 0

    def look(self, *signal_and_frame: object) -> None:
        """Raise TooLong where the time has run out."""
        computed, passed = _computed() - self.began[0], time.monotonic() - self.began[1]
        if computed > self.computing or passed > self.waiting + SHARE * computed:
            self.ran_out = self.ran_out or (COMPUTES if computed > self.computing else WAITS)
            self.late += 1
            if self.late == STUBBORN:
                print("This function does not let itself be stopped: restart the kernel.", file=sys.stderr)
            _raise_again(signal_and_frame[1])
            raise TooLong


def _raise_again(frame):
    """Let TooLong be raised once more where a learner's function catches it, by a bare `except:` below."""
    lines = {}

    def in_a_line_below(frame, event, _):
        if event == "line" and frame.f_lineno > lines[frame]:  # the end of a `with` is above
            raise TooLong
        return in_a_line_below

    def trace(*_):
        sys.settrace(lambda *_: None)

    trace()
    sys.setprofile(trace)  # since what has raised is traced no more
    while frame and not frame.f_globals.get("__name__", "").startswith("gmm_lab."):
        frame.f_trace, lines[frame], frame = in_a_line_below, frame.f_lineno, frame.f_back


def _is_ours(frame):
    return frame.f_globals.get("__name__", "").startswith("gmm_lab.")


@contextlib.contextmanager
def bounded(computing: float, waiting: float) -> Iterator[Clocks]:
    """Raise TooLong in what runs inside once it has computed, or waited, for so many seconds."""
    clocks, profiled, traced = Clocks(computing, waiting), sys.getprofile(), sys.gettrace()
    if threading.current_thread() is not threading.main_thread():
        yield clocks
        return
    before, ended = signal.signal(TICK, clocks.look), threading.Event()
    timer = _start_ticking(ended, clocks)
    try:
        yield clocks
    except BaseException:
        if not clocks.ran_out:
            raise
    finally:
        ended.set()
        sys.settrace(traced)
        if TIMER:
            signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(TICK, before)
    if clocks.ran_out:
        sys.setprofile(profiled)
        sys.settrace(traced)
        raise TooLong


def _start_ticking(ended, clocks):
    if TIMER:
        return signal.setitimer(signal.ITIMER_REAL, LOOK, LOOK)

    due = time.monotonic()

    def look(frame, event, argument):
        nonlocal due
        if event == "call" and (PACKAGES in frame.f_code.co_filename or _is_ours(frame)):
            return None
        if time.monotonic() >= due:  # at every line, the look itself would take most of the time
            due = time.monotonic() + LOOK
            clocks.look(event, frame)
        return look

    def ticks():
        while not ended.wait(LOOK):
            _thread.interrupt_main(TICK)

    try:
        threading.Thread(target=ticks, daemon=True).start()
    except RuntimeError:  # in a page there are no threads: look between two lines
        sys.settrace(look)
