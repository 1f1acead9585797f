"""A receipt at the end of a notebook: is what you see here what was written down?"""

import numbers
import platform
from importlib.metadata import version

MADE_WITH = {
    "numpy": "2.4.6",
    "matplotlib": "3.11.2",
    "ipywidgets": "8.1.9",
    "imageio": "2.38.1",
    "pillow": "13.0.0",
    "scipy": "1.17.1",
}
AGREEMENT = 5e-6  # relative; the last digits of a log-likelihood differ between processors


def receipt(golden: dict[str, tuple[float, float]]) -> str:
    """Return a line for each package and for each golden number, with ✓ or what differs and what to do.

    golden : {name: (found, expected)}, numbers that should agree to about six significant digits.
    Raises TypeError where it is anything else.
    """
    pairs = golden.values() if isinstance(golden, dict) else [None]
    if not all(isinstance(pair, tuple | list) and len(pair) == 2 and _are_numbers(pair) for pair in pairs):
        raise TypeError(f"golden is {golden!r:.80}, but {{name: (found, expected)}} was expected")
    lines = [f"gmm_lab {version('gmm-lab')} on Python {platform.python_version()}"]
    for package, expected in MADE_WITH.items():
        found = version(package)
        note = "" if found == expected else f": made with {expected}, so pictures and last digits may differ slightly"
        lines.append(f"{'≠' if note else '✓'} {package} {found}{note}")
    for name, (found, expected) in golden.items():
        agrees = abs(found - expected) <= AGREEMENT * abs(expected)
        note = (
            ""
            if agrees
            else (
                f", expected {expected:.6g}: choose Kernel, Restart Kernel and Run All Cells; if it still differs,"
                " undo your changes above, or install the versions that this page was made with"
            )
        )
        lines.append(f"{'✓' if agrees else '≠'} {name}: {found:.6g}{note}")
    return "\n".join(lines)


def _are_numbers(pair):
    return all(isinstance(value, numbers.Real) for value in pair)
