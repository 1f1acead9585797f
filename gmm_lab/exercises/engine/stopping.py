"""Stopping a learner's function that does not end: by what it computes, as the machine may be busy, or by the clock."""

import _thread
import contextlib
import signal
import threading
import time

LOOK = 0.1  # seconds between two looks at the clocks


class TooLong(Exception):
    """Raised where the function had run out of its time; `computed` says which of the two times that was."""

    def __init__(self, computed):
        super().__init__()
        self.computed = computed


@contextlib.contextmanager
def stopped_after(computing, waiting):
    """Interrupt what runs inside, as the stop button would, once it has computed, or waited, for so many seconds.

    Raises TooLong then. Only the main thread can be interrupted: in another one, nothing is.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    watch = _Watch(computing, waiting)
    watch.start()
    try:
        try:
            yield
        finally:
            watch.end()
    except KeyboardInterrupt:
        if watch.rang is None:
            raise
        raise TooLong(computed=watch.rang == "computing") from None


class _Watch(threading.Thread):
    """Looks at two clocks, and interrupts the main thread when one of them has run out."""

    def __init__(self, computing, waiting):
        super().__init__(daemon=True)
        clock = _clock_of_this_thread()
        self.clocks = [
            ("computing", clock, clock() + computing),
            ("waiting", time.monotonic, time.monotonic() + waiting),
        ]
        self.ended, self.lock, self.rang = threading.Event(), threading.Lock(), None

    def run(self):
        while self.rang is None and not self.ended.wait(LOOK):
            for name, clock, end in self.clocks:
                with self.lock:
                    if clock() > end and not self.ended.is_set() and self.rang is None:
                        self.rang = name
                        _interrupt()

    def end(self):
        with self.lock:
            self.ended.set()


def _clock_of_this_thread():
    """Return a function that tells any thread the CPU time of this one, or of the process where that can't be known."""
    if hasattr(time, "pthread_getcpuclockid"):
        clock = time.pthread_getcpuclockid(threading.get_ident())
        return lambda: time.clock_gettime(clock)
    return time.process_time


def _interrupt():
    if hasattr(signal, "pthread_kill"):  # ends a sleep and a wait for a lock as well
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:
        _thread.interrupt_main()
