"""Every benchmark in one run: writes docs/benchmarks.md and docs/benchmarks.png. Run by `make bench`.

With --peers (`make bench OPTIONS=--peers`) uv installs other packages, each in an environment of its own, and runs them
on the same problems: a download of several gigabytes. The machine should have nothing else to do.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is loaded

import em
import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
from peers import PACKAGES
from threadpoolctl import threadpool_info, threadpool_limits

ROOT = Path(__file__).resolve().parent.parent
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"} | {
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
}


def processors():
    """Yield: what is fitted, by the clock with one processor, with two, ratio."""
    import dask.array
    from distributed import Client, LocalCluster

    points, start = em.problem(4_000_000, 3, 3)
    clocks = []
    for n_workers in (1, 2):
        with (
            LocalCluster(n_workers=n_workers, threads_per_worker=1, dashboard_address=None) as cluster,
            Client(cluster),
        ):
            array = dask.array.from_array(points, chunks=(500_000, 3)).persist()
            em.ours(array, start, 1)
            clocks.append(statistics.median(clock(em.ours, array, start, 5) for _ in range(3)))
    yield "4,000,000 × 3, K = 3: processes of Dask", *map(em.milliseconds, clocks), f"{clocks[0] / clocks[1]:.1f} ×"
    points, start = em.problem(*em.SIZES[-1])
    clocks = []
    for n_threads in (1, 2):
        with threadpool_limits(n_threads):
            clocks.append(statistics.median(clock(em.ours, points, start, 4) for _ in range(3)))
    yield "100,000 × 32, K = 16: threads of NumPy", *map(em.milliseconds, clocks), f"{clocks[0] / clocks[1]:.1f} ×"


def clock(run, *given):
    begun = time.perf_counter()
    run(*given)
    return time.perf_counter() - begun


def peers():
    """Yield: size, an iteration of each peer, in the order of PACKAGES, and of gmm_lab."""
    sizes, columns = em.SIZES[:6], []
    uv = Path(sys.executable).parent / "uv"
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for size in sizes:
            points, start = em.problem(*size)
            path = Path(folder) / ("_".join(map(str, size)) + ".npz")
            np.savez(path, points=points, weights=start.weights, means=start.means, covariances=start.covariances)
            files += [path, str(em.repeats(size) // 4 + 2)]
        for name, packages in PACKAGES.items():
            chosen = [part for package in [*packages, "numpy"] for part in ("--with", package)]
            python = f"{sys.version_info.major}.{sys.version_info.minor}"
            command = [uv, "run", "--isolated", "--no-project", "--python", python, *chosen, "python"]
            script = [ROOT / "benchmarks" / "peers.py", name, *files]
            found = subprocess.run(command + script, env=os.environ | ONE_THREAD, stdout=subprocess.PIPE, text=True)
            columns.append([float(line) for line in found.stdout.split()])
    for i, size in enumerate(sizes):
        points, start = em.problem(*size)
        taken = statistics.median(em.iteration(em.ours, points, start, em.repeats(size)) for _ in range(3))
        yield (
            f"{size[0]:,} × {size[1]}, K = {size[2]}",
            *(em.milliseconds(column[i]) if i < len(column) else "failed" for column in columns),
            em.milliseconds(taken),
        )


TABLES = (
    (em.iterations, "An iteration", ["points", "scikit-learn", "gmm_lab", "ratio", "range", "traces differ by"]),
    (em.whole_fits, "A fit from raw points, tol 1e-6", ["points", "scikit-learn", "gmm_lab", "ratio", "range"]),
    (em.memory, "Memory above the points, at most", ["points", "scikit-learn", "gmm_lab"]),
    (em.growth, "An iteration grows like a power", ["of", "measured", "operations"]),
    (em.limit, "Time for a point and the machine's limit", ["points", "limit", "gmm_lab", "share"]),
    (processors, "Two processors, by the clock", ["points", "one", "two", "ratio"]),
)


def machine():
    kernels = {library["architecture"] for library in threadpool_info() if "architecture" in library}
    instructions = np.show_config(mode="dicts")["SIMD Extensions"]["found"]
    wide = "with AVX-512" if any("AVX512" in name for name in instructions) else "without AVX-512"
    return (
        f"{platform.system()} on {platform.machine()} {wide}, {os.cpu_count()} processors, kernel of OpenBLAS"
        f" {', '.join(sorted(kernels))}; Python {platform.python_version()}, NumPy {np.__version__}"
    )


def markdown(title, header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return f"## {title}\n\n" + "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def printed(script):
    run = [sys.executable, ROOT / "benchmarks" / script]
    return subprocess.run(run, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT).stdout


def draw(rows):
    """Draw how many times as fast as scikit-learn an iteration is, for each size."""
    figure, ax = plt.subplots(figsize=(6.4, 2.8), layout="constrained")
    names, ratios = [row[0] for row in rows][::-1], [float(row[3].split()[0]) for row in rows][::-1]
    bars = ax.barh(names, ratios, color="#0072B2")
    ax.bar_label(bars, [f"{ratio:.1f}" for ratio in ratios], padding=3)
    ax.axvline(1, color="black", linewidth=1)
    ax.set(xlabel="times as fast as scikit-learn, an iteration of EM, one thread", xlim=(0, 1.12 * max(ratios)))
    ax.spines[["top", "right"]].set_visible(False)
    figure.savefig(ROOT / "docs" / "benchmarks.png", dpi=150, metadata={"Software": None})


def main():
    warnings.simplefilter("ignore")
    tables = TABLES
    if "--peers" in sys.argv:
        tables += ((peers, "An iteration of other packages", ["points", *PACKAGES, "gmm_lab"]),)
    parts = [
        f"# What was measured\n\n{machine()}. CPU time, medians, one thread, all in turn in one run (`make bench`).\n",
        "![How many times as fast as scikit-learn an iteration of fit is, for seven sizes](benchmarks.png)\n",
    ]
    for table, title, header in tables:
        rows = list(table())
        parts.append(markdown(title, header, rows))
        print(parts[-1], flush=True)
        if table is em.iterations:
            draw(rows)
    for script, title in (
        ("imports.py", "An import"),
        ("animation.py", "An animated GIF"),
        ("explorers.py", "A slider that moves"),
    ):
        parts.append(f"## {title}\n\n```text\n{printed(script)}```\n")
        print(parts[-1], flush=True)
    path = ROOT / "docs" / "benchmarks.md"
    path.write_text("\n".join(parts), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
