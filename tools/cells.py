"""Change the cells of all notebooks in place."""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
# any Python 3 runs them, and a converter knows their language
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "name": "python"},
}


def change(edit):
    """Put what `edit(number, cells)` returns in place of the cells of each notebook, in teaching order."""
    for number, path in enumerate(sorted(FOLDER.glob("*.ipynb"))):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook |= {"cells": edit(number, notebook["cells"]), "metadata": METADATA}
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8", newline="\n")


def with_sources(cells, texts):
    """Return cells of which those with an id in `texts` have that text as their source."""
    return [
        cell | ({"source": texts[cell["id"]].splitlines(keepends=True)} if cell["id"] in texts else {})
        for cell in cells
    ]
