"""Time of an import: gmm_lab, and with the functions that fit, beside NumPy; each in a fresh Python, all in turn.

Medians of CPU time, less that of a Python which imports nothing.  Run: python benchmarks/imports.py
"""

import resource
import statistics
import subprocess
import sys

ROUNDS = 15
IMPORTS = {
    "nothing": "pass",
    "numpy": "import numpy",
    "gmm_lab": "import gmm_lab",
    "gmm_lab.fit": "from gmm_lab import captions, datasets, em, fit",
}


def seconds(code):
    """Return the CPU time of a fresh Python that runs `code`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows(rounds=ROUNDS):
    """Yield for each import its median in ms, and how many times as long as that of NumPy it takes."""
    times = {name: [] for name in IMPORTS}
    for _ in range(rounds):
        for name, code in IMPORTS.items():
            times[name].append(seconds(code))
    medians = {name: statistics.median(each) for name, each in times.items()}
    taken = {name: median - medians["nothing"] for name, median in medians.items() if name != "nothing"}
    for name, each in taken.items():
        yield {"import": name, "ms": 1000 * each, "times numpy": each / taken["numpy"]}


def main():
    print("import             ms   times numpy")
    for name, milliseconds, times in map(dict.values, rows()):
        print(f"{name:14}{milliseconds:7.1f} {times:13.2f}")


if __name__ == "__main__":
    main()
