"""Leave out of the saved outputs what only a kernel can show: controls. An explorer's still stays.

Run by `make notebooks`.
"""

from cells import change

from gmm_lab.lab.saving import leave_stills


def without_controls(number, cells):
    leave_stills({"type": "notebook", "content": {"cells": cells}})
    return cells


if __name__ == "__main__":
    change(without_controls)
