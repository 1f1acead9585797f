"""What no answer should be: values and functions that break whoever reads, prints, measures or compares them."""

import functools
import os
import queue
import random
import sys
from collections import namedtuple
from fractions import Fraction
from types import SimpleNamespace

import numpy as np

from gmm_lab import Mixture, Step, datasets, fit

POINTS, START = datasets.eight_points().points, datasets.eight_points_start()
ONE = Mixture([1], [[0]], [[[1]]])


INSIDE = ValueError("inside")


def raising(*names, error=INSIDE):
    """Return an object whose methods of these names raise."""

    def method(self, *_, **__):
        raise type(error)(*error.args)

    return type("Raises", (), dict.fromkeys(names, method))()


def returning(value, *names):
    return type("Returns", (), dict.fromkeys(names, lambda self, *_, **__: value))()


def holding_itself():
    value = []
    value.append(value)
    return value


def deep(levels=5000):
    value = 1.0
    for _ in range(levels):
        value = [value]
    return value


class Liar(list):
    def __len__(self):
        return 3


class Sub(np.ndarray):
    def __eq__(self, other):
        raise RuntimeError("not to be compared")

    def __array_finalize__(self, other):
        pass


SIMPLE = {
    "text": "text",
    "long text": "x" * 5_000_000,
    "bytes": b"bytes",
    "dict": {},
    "keys": {"responsibilities": 1},
    "set": {1, 2},
    "empty list": [],
    "empty tuple": (),
    "nan": np.nan,
    "inf": -np.inf,
    "complex": 1j,
    "object": object(),
    "class": int,
    "function": len,
    "module": np,
    "Exception": Exception,
    "an exception": ValueError("no"),
    "NotImplemented": NotImplemented,
    "True": True,
    "large": 10**400,
    "fraction": Fraction(1, 3),
    "ragged": [[1, 2], [3]],
    "ragged arrays": [np.zeros(2), np.zeros(3)],
    "nothing in it": np.zeros(0),
    "four axes": np.zeros((2, 2, 2, 2)),
    "no axis": np.array(3.0),
    "of objects": np.array([None]),
    "of texts": np.array(["a", "b"]),
    "of dates": np.array(["2024-01-01"], "M8[D]"),
    "of records": np.zeros(3, [(f"column{n}", float) for n in range(500)]),
    "infinite": np.full((8, 2), np.inf),
    "undefined": np.full((8, 2), np.nan),
    "far": np.full((8, 2), 1e300),
    "matrix": np.ones((1, 2)).view(np.matrix),
    "masked": np.ma.masked_all((8, 2)),
    "subclass": np.zeros((8, 2)).view(Sub),
    "Nones": (None, None),
    "three Nones": (None, None, None),
    "texts": ("a", "b"),
    "lists": ([], [], []),
    "dots inside": [[..., 1], [1, ...]],
    "generator": (n for n in range(3)),
    "endless": iter(int, 1),
    "range": range(3),
    "map": map(str, [1, 2]),
    "partial": functools.partial(len),
    "namespace": SimpleNamespace(steps=[1], mixture=3, log_likelihood="x"),
    "named": namedtuple("Answer", "responsibilities log_likelihood")(1, 2),
    "itself": holding_itself(),
    "deep": deep(),
    "liar": Liar(),
    "mixture": ONE,
    "mixtures": [ONE],
    "mixture with a hole": object.__new__(Mixture),
    "fit": fit(POINTS, 1),
    "dataset": datasets.eight_points(),
    "step without a mixture": Step(POINTS, None, 0.0),
    "steps": [Step(0.0, START, POINTS)],
    "steps of dots": [Step(POINTS, START, ...)],
    "steps of None": [Step(None, None, None)],
    "step of ragged points": [Step([[1], [1, 2]], START, 0.0)],
    "step with a hole": [object.__new__(Step)],
    "step of another": [Step(POINTS, ONE, 1.0)],
}
UNREADABLE = {"itself", "deep", "liar", "mixture with a hole", "step with a hole"}  # by whoever it is
SPECIAL = {
    f"raises in {names}": raising(*names.split())
    for names in (
        "__array__",
        "__len__",
        "__iter__",
        "__str__ __repr__",
        "__len__ __iter__ __getitem__ __array__",
        "__eq__ __hash__",
        "__bool__",
        "__float__",
        "__getattr__",
        "__array_ufunc__",
        "steps",
    )
}
SPECIAL |= {
    "__array__ of None": returning(None, "__array__"),
    "__array__ of text": returning("text", "__array__"),
    "__len__ below 0": returning(-1, "__len__"),
    "__len__ of text": returning("3", "__len__"),
    "exits in __array__": raising("__array__", error=SystemExit(3)),
    "recurses in __array__": raising("__array__", error=RecursionError("deep")),
    "inhomogeneous": raising("__array__", error=ValueError("x" * 100_000)),
}


def values():
    """Yield names and makers of all values: alone, and as one of the parts that are asked for."""
    alone = SIMPLE | SPECIAL
    yield from alone.items()
    for name, value in alone.items():
        if name in ("ragged", "no axis", "far", "undefined", "matrix", "masked", "itself", "long text", "dots inside"):
            yield f"two of {name}", (value, value)
            yield f"three of {name}", (value, value, value)
    for name, value in SPECIAL.items():
        yield f"two: {name}", (value, value)
        yield f"three: {name}", (np.zeros((4, 2)), np.zeros((4, 3)), [value, value])
        yield f"list: {name}", [value]


class Odd(BaseException):
    pass


def raises(error):
    def function(*arguments):
        raise error

    return function


def closes(*arguments):
    sys.stdout.close()
    print("still here")
    return 1 / 0


def moves(*arguments):
    os.chdir("/")
    sys.setrecursionlimit(5000)
    np.set_printoptions(precision=1)
    np.seterr(all="raise")
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    return 1 / 0


def redirects(*arguments):
    sys.stdout = sys.stderr = None
    return 1 / 0


FUNCTIONS = {
    "an error without text": raises(ValueError()),
    "an error that can't be told": raises(type("Bad", (Exception,), {"__str__": lambda self: 1 / 0})()),
    "a long error": raises(ValueError("x" * 5_000_000)),
    "an error of two lines": raises(ValueError("one `line\n\n\nand another")),
    "no Exception": raises(Odd("odd")),
    "StopIteration": raises(StopIteration()),
    "GeneratorExit": raises(GeneratorExit()),
    "exit": raises(SystemExit(0)),
    "a group": raises(ExceptionGroup("many", [ValueError(1), TypeError(2)])),
    "empty queue": lambda *arguments: queue.Queue().get_nowait(),
    "closes": closes,
    "moves": moves,
    "redirects": redirects,
    "no function": 3,
    "raises when looked at": raising("__getattr__", "__call__"),
    "signature": type("S", (), {"__call__": raises(ValueError(1)), "__signature__": 3})(),
    "class": dict,
    "method": START.log_joint,
    "of C": np.add,
}
