"""How long a table of a million rows takes to read: `datasets.read_csv` beside pandas alone, in CPU time, interleaved.

Run: python benchmarks/tables.py
"""

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from gmm_lab import datasets

N_ROWS, N_RUNS = 1_000_000, 7


def tables():
    rng = np.random.default_rng(0)
    numbers = pd.DataFrame(rng.normal(size=(N_ROWS, 3)).round(4), columns=list("xyz"))
    yield "three columns of numbers", numbers
    yield "and one of species", numbers.assign(species=rng.choice(["Adelie", "Chinstrap", "Gentoo"], N_ROWS))
    yield "and one of names, all different", numbers.assign(name=[f"id{n}" for n in range(N_ROWS)])


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        for told, table in tables():
            table.to_csv(path, index=False)
            seconds = {pd.read_csv: [], datasets.read_csv: []}
            for _ in range(N_RUNS):
                for read, taken in seconds.items():
                    begun = time.process_time()
                    read(path)
                    taken.append(time.process_time() - begun)
            theirs, ours = map(statistics.median, seconds.values())
            print(f"{told:32} pandas {theirs:.2f} s, read_csv {ours:.2f} s: {ours / theirs:.2f} times")


if __name__ == "__main__":
    main()
