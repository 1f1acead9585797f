"""The stub and the folded solution of each exercise, from tools/solutions.py.

In a lesson, a cell `stub-NAME` holds the stub of the function `my_NAME`, and a cell `solution-NAME` its solution.
"""

import ast
import re
from pathlib import Path

SOURCE = (Path(__file__).resolve().parent / "solutions.py").read_text(encoding="utf-8")
MARK = re.compile(r"(,|  #) (?P<mark>yours|left out)$")
VALUE = re.compile(r"^(?P<start> *(return|\w+ =) ).*?(?P<comment>  #.*)?$")


def solutions():
    """Return the lines of each function, marks and all, by the name of its exercise."""
    lines = SOURCE.splitlines()
    functions = [node for node in ast.parse(SOURCE).body if isinstance(node, ast.FunctionDef)]
    return {
        node.name.removeprefix("my_"): lines[node.lineno - 1 : node.end_lineno]
        for node in functions
        if node.name.startswith("my_")
    }


def stub(lines):
    """Return what the reader begins with."""
    kept = []
    for line in lines:
        mark, line = MARK.search(line), MARK.sub("", line)
        if mark is None:
            kept.append(line)
        elif mark["mark"] == "yours":
            kept.append(VALUE.sub(r"\g<start>...\g<comment>", line))
    return "\n".join(kept if len(kept) > 1 else [*kept, "    return ..."])


def solution(lines):
    """Return the whole function."""
    return "\n".join(MARK.sub("", line) for line in lines)


def texts():
    """Return the sources of all stubs and solutions, by the id of their cell."""
    found = {}
    for name, lines in solutions().items():
        found[f"stub-{name}"] = stub(lines)
        found[f"solution-{name}"] = (
            f"<details><summary>A solution</summary>\n\n```python\n{solution(lines)}\n```\n\n</details>"
        )
    return found
