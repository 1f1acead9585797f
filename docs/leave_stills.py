"""Leave out of the saved outputs what only a kernel can show: an explorer's controls. Its still stays.

Run by `make notebooks`.
"""

import json
from pathlib import Path

CONTROLS = "application/vnd.jupyter.widget-view+json"


def main():
    for path in (Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                output.get("data", {}).pop(CONTROLS, None)
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
