"""One notebook that was handed in, run cell by cell: `python -m gmm_lab.submission NOTEBOOK RESULTS MEMORY`.

This is a process of its own, with a limit of memory, since what it runs was written by somebody else. What is found
goes into the file RESULTS line by line, and so is known also where the rest is cut off.
"""

import json
import re
import sys
from pathlib import Path


def main(notebook: str, results: str, memory: str) -> None:
    """Run a notebook with so many MiB of memory, and tell verdicts and predictions."""
    _limit(int(memory) << 20)
    with open(results, "a", encoding="utf-8", buffering=1) as file:

        def tell(exercise, verdict, diagnosis="", prediction=""):
            print(json.dumps([exercise, verdict, diagnosis, prediction]), file=file)

        try:
            cells = _code(notebook)
        except ValueError as error:
            tell("", "not run to its end", f"no notebook: {error}")
        else:
            _run(cells, tell)


def _code(notebook):
    """Return the cells of a notebook that hold code; raise ValueError, with the reason, where it is none."""
    try:
        told = json.loads(Path(notebook).read_bytes())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is not JSON ({error})") from None
    try:
        return [cell for cell in told["cells"] if cell["cell_type"] == "code" and "source" in cell]
    except (KeyError, TypeError):
        raise ValueError("it is JSON, but holds no list of cells") from None


def _limit(size):
    """Leave at most so many bytes to this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _run(cells, tell):
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from gmm_lab.exercises import check

    sys.path.insert(0, "")  # modules beside the notebook are found, and never take the place of ours
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    checked, wrong = {}, {}
    for cell in cells:
        shown = shell.run_cell("".join(cell["source"])).result
        if hasattr(shown, "reveal"):
            _choose_again(shown, cell, tell)
        for name, exercise in vars(check).items():
            function = shell.user_ns.get(exercise.function_name)
            if function is not None and function is not checked.get(name):
                checked[name] = function
                wrong[name] = not _check(exercise, function, tell)
    for name in [name for name in checked if wrong[name]]:  # helpers may stand further down
        _check(vars(check)[name], checked[name], tell)
    text = "".join("".join(cell["source"]) for cell in cells)
    for name, exercise in vars(check).items():
        if name not in checked and f"check.{name}(" in text:
            tell(exercise.name, "wrong", f"{exercise.function_name} is not defined: its cell fails, or is gone")


def _check(exercise, function, tell):
    """Tell the verdict on a function, and return whether it is right."""
    verdict = exercise(function)
    tell(exercise.name, verdict.status, verdict.diagnosis)
    return bool(verdict)


def _choose_again(prediction, cell, tell):
    """Make the choice that is saved in a cell, and tell it, and again what it was worth once that is revealed."""
    from gmm_lab.exercises.predictions import chosen_in

    name = re.sub("^predict-", "", cell.get("id", "")) or "".join(cell["source"]).splitlines()[-1]
    choice = chosen_in(cell.get("outputs", []))
    if choice in prediction.choices:
        prediction.choose(choice)
        tell(f"prediction: {name}", "not revealed", prediction=choice)
    reveal = prediction.reveal

    def revealed(*arguments, **named):
        verdict = reveal(*arguments, **named)
        tell(f"prediction: {name}", verdict.status, prediction=prediction.choice or "")
        return verdict

    prediction.reveal = revealed


if __name__ == "__main__":
    main(*sys.argv[1:])
