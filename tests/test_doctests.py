"""The examples in docstrings are true, and the functions that a reader meets first have one."""

import doctest
import importlib
from pathlib import Path

import pytest

import gmm_lab

PACKAGE = Path(gmm_lab.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)
EXPLAINED_BY_EXAMPLE = {
    "algorithm": {"e_step", "em", "m_step"},
    "captions": {"history", "mixture", "points", "responsibilities", "step"},
    "datasets": {"old_faithful", "penguins", "read_csv", "eight_points", "three_gaussians"},
    "fitting": {"fit"},
    "initialise": {"k_means_plus_plus"},
    "mixture": {"Mixture"},
}


def examples_in(name):
    """Return the docstrings of a module that hold examples."""
    return [test for test in doctest.DocTestFinder().find(importlib.import_module(name)) if test.examples]


@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_say(name):
    runner, told = doctest.DocTestRunner(verbose=False), []  # whatever pytest is asked for
    for test in examples_in(name):
        runner.run(test, out=told.append)
    assert runner.summarize(verbose=False).attempted > 0
    assert not told, "".join(told)


@pytest.mark.parametrize("name", EXPLAINED_BY_EXAMPLE)
def test_what_is_met_first_has_an_example(name):
    found = {test.name.rpartition(".")[2] for test in examples_in(f"gmm_lab.{name}")}
    assert EXPLAINED_BY_EXAMPLE[name] <= found
