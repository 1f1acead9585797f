"""Leave out of the saved outputs what only a kernel can show: controls. An explorer's still stays.

Run by `make notebooks`.
"""

from cells import change

CONTROLS = "application/vnd.jupyter.widget-view+json"


def without_controls(number, cells):
    for cell in cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(CONTROLS, None)
    return cells


if __name__ == "__main__":
    change(without_controls)
