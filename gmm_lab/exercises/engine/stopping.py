"""Stopping what does not end: ten times a second the main thread looks at its clocks, whatever it is doing.

Where the system has a timer, the look comes from there: it reaches what sleeps, waits for a lock, or keeps Python from
switching threads, as a regular expression does. On Windows it comes from a thread, and reaches what computes in Python.
Where there are no threads either, as in a web page, it comes between two lines of the learner's own. Off the main
thread nothing is stopped; nor is, anywhere, one long call into compiled code before it returns.
"""

import _thread
import signal
import sys
import threading
import time
from types import FrameType
from typing import Self

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
    """Raises TooLong in what runs inside once that has computed, or waited, for so many seconds.

    `ran_out` then names what was too much.
    """

    def __init__(self, computing: float, waiting: float) -> None:
        self.computing, self.waiting = computing, waiting
        self.began = _computed(), time.monotonic()
        self.ran_out, self.late, self.over = "", 0, False
        self.before = None
        self.lines = {}  # of a learner's frames, where the last look found them

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self.before = sys.getprofile(), sys.gettrace(), signal.signal(TICK, self.look), self._start_ticking()
        return self

    def __exit__(self, *_: object) -> None:
        self.over = True  # from here on a tick does nothing
        if self.before:
            profile, trace, handler, timer = self.before
            if sys.getprofile() is not profile:
                sys.setprofile(profile if callable(profile) else None)  # cProfile's can't be put back
            sys.settrace(trace)
            if TIMER:
                signal.setitimer(signal.ITIMER_REAL, *timer)
            signal.signal(TICK, handler)
        for frame in self.lines:
            frame.f_trace = None
        self.lines.clear()
        if self.ran_out:
            raise TooLong from None

    def look(self, _: object, frame: FrameType) -> None:
        """Raise TooLong where the time has run out; where it is being raised, or left, the next look will do."""
        if self.over or frame.f_globals is globals():
            return
        computed, passed = _computed() - self.began[0], time.monotonic() - self.began[1]
        if computed > self.computing or passed > self.waiting + SHARE * computed:
            self.ran_out = self.ran_out or (COMPUTES if computed > self.computing else WAITS)
            self.late += 1
            if self.late == STUBBORN:
                print("This function does not let itself be stopped: restart the kernel.", file=sys.stderr)
            self._raise_again(frame)
            raise TooLong

    def _raise_again(self, frame):
        """Let TooLong be raised once more where a learner's function catches it, by a bare `except:` below."""
        while frame and not _is_ours(frame):
            frame.f_trace, self.lines[frame], frame = self._in_a_line_below, frame.f_lineno, frame.f_back
        sys.settrace(_nothing)
        sys.setprofile(_trace_on)

    def _in_a_line_below(self, frame, event, _):
        if event == "line" and frame.f_lineno > self.lines[frame]:  # the end of a `with` is above
            raise TooLong
        return self._in_a_line_below

    def _start_ticking(self):
        if TIMER:
            return signal.setitimer(signal.ITIMER_REAL, LOOK, LOOK)

        due = time.monotonic()

        def look(frame, event, argument):
            nonlocal due
            if event == "call" and (PACKAGES in frame.f_code.co_filename or _is_ours(frame)):
                return None
            if time.monotonic() >= due:  # at every line, the look itself would take most of the time
                due = time.monotonic() + LOOK
                self.look(event, frame)
            return look

        def ticks():
            while not self.over:
                _thread.interrupt_main(TICK)
                time.sleep(LOOK)

        try:
            threading.Thread(target=ticks, daemon=True).start()
        except RuntimeError:  # in a page there are no threads: look between two lines
            sys.settrace(look)


def _is_ours(frame):
    return frame.f_globals.get("__name__", "").startswith("gmm_lab.")


def _nothing(*_):
    """Trace nothing but the frames that have a trace of their own."""


def _trace_on(*_):
    """Trace again, since what has raised is traced no more."""
    if sys.gettrace() is None:
        sys.settrace(_nothing)
