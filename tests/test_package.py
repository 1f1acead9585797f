"""The package as a whole: what an import costs, which way imports point, and that every name is explained."""

import ast
import inspect
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import gmm_lab
from gmm_lab.exercises import check

PACKAGE = Path(gmm_lab.__file__).parent
MODULES = {
    path.relative_to(PACKAGE).with_suffix("").as_posix().removesuffix("/__init__"): path
    for path in PACKAGE.rglob("*.py")
}
CORE = [
    "validation",
    "scale",
    "statistics",
    "sources",
    "distances",
    "labels",
    "log_space",
    "mixture",
    "algorithm",
    "initialise",
    "diagnostics",
    "fitting",
    "datasets",
    "captions",
]
CORE += ["tables", "tables/text", "tables/header", "tables/files"]


def loaded(code):
    """Return the top-level packages that are loaded after `code` has run in a fresh Python."""
    script = f"{code}\nimport sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    )


def test_importing_it_loads_nothing_heavy():
    heavy = {"numpy", "scipy", "matplotlib", "PIL", "imageio", "ipywidgets", "IPython", "sklearn"}
    assert loaded("import gmm_lab") & heavy == set()


def test_fitting_loads_numpy_alone():
    found = loaded("import gmm_lab; gmm_lab.fit(gmm_lab.datasets.penguins().points, 1); gmm_lab.captions.points")
    assert found & {"scipy", "pandas", "matplotlib", "PIL", "imageio", "ipywidgets", "IPython"} == set()
    assert "numpy" in found


def test_checks_and_predictions_load_no_pictures():
    assert loaded("from gmm_lab.exercises import check, predict; predict('a', 'b')") & {"matplotlib", "pandas"} == set()


@pytest.mark.parametrize("name", CORE)
def test_the_core_imports_no_pictures(name):
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    ours = [module.removeprefix("gmm_lab.").replace(".", "/") for module in imported if module.startswith("gmm_lab")]
    assert set(ours) <= {*CORE}, imported
    assert not imported & {"matplotlib", "matplotlib.pyplot", "ipywidgets", "IPython"}


@pytest.mark.parametrize("name", sorted(gmm_lab.__all__))
def test_public_names_are_there_and_explained(name):
    found = getattr(gmm_lab, name)
    assert name in dir(gmm_lab)
    assert len(inspect.getdoc(found)) > 20
    if inspect.ismodule(found):
        functions = [f for n, f in vars(found).items() if inspect.isfunction(f) and not n.startswith("_")]
        assert all(inspect.getdoc(function) for function in functions if function.__module__ == found.__name__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="expectation"):
        gmm_lab.expectation  # noqa: B018


def test_its_version_is_the_installed_one():
    assert gmm_lab.__version__ == version("gmm-lab")


@pytest.mark.parametrize("name", MODULES)
def test_modules_are_small_enough_to_read(name):
    """About 150 lines a file, 15 a function, and nobody has to scroll; but an exercise holds all that it tells."""
    text = MODULES[name].read_text(encoding="utf-8")
    assert len(text.splitlines()) <= (225 if name.removeprefix("exercises/") in vars(check) else 180)
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        statements = [line for node in function.body for line in range(node.lineno, node.end_lineno + 1)]
        assert len(statements) <= 45, function.name


def functions_in(tree):
    """Yield the functions and methods of a module, but for those inside functions, and whether it is a method."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from ((function, True) for function, _ in functions_in(node))
        elif isinstance(node, ast.FunctionDef):
            yield node, False


def parameters_of(function):
    """Return all parameters of a function: by place, by name, and the rest."""
    given = function.args
    rest = [parameter for parameter in (given.vararg, given.kwarg) if parameter]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *rest]


@pytest.mark.parametrize("name", MODULES)
def test_public_functions_tell_their_types(name):
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    untyped = []
    for function, method in functions_in(tree):
        if function.name.startswith("_"):
            continue
        parameters = parameters_of(function)[1 if method else 0 :]
        without = [parameter.arg for parameter in parameters if parameter.annotation is None]
        untyped += [f"{function.name}({parameter})" for parameter in without]
        untyped += [f"{function.name} -> ?"] if function.returns is None else []
    assert untyped == []


@pytest.mark.parametrize("name", MODULES)
def test_no_function_shares_its_name_with_a_parameter(name):
    """As in points(points), where each hides the other."""
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    clashes = [f.name for f in functions if f.name in [parameter.arg for parameter in parameters_of(f)]]
    assert clashes == []
