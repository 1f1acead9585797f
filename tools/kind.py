"""The kind of machine that pictures are made on, recorded beside them: run as a script by `make notebooks`.

Fitted numbers differ in their last digits from one kind of processor to the next, and with them the shade of a pixel at
an edge. The kind is named by what NumPy computes with: OpenBLAS's kernel and the sets of instructions that it found.
"""

import json
import platform
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

RECORD = Path(__file__).resolve().parent.parent / "notebooks" / "made_on.json"


def kind() -> dict:
    """Return the kind of this machine; two of the same kind make the same bytes."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "matrix products": sorted({library["architecture"] for library in threadpool_info() if _of_numpy(library)}),
        "instructions": sorted(np.show_config(mode="dicts")["SIMD Extensions"]["found"]),
    }


def _of_numpy(library):
    return "architecture" in library and "numpy" in library["filepath"]


def recorded() -> dict:
    """Return the kind that the saved pictures were made on."""
    return json.loads(RECORD.read_text(encoding="utf-8"))


if __name__ == "__main__":
    RECORD.write_text(json.dumps(kind(), indent=1) + "\n", encoding="utf-8", newline="\n")
