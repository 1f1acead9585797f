"""gmm_lab from a terminal: copy the lessons, fit a table and draw the fit, go through what a class has handed in.

python -m gmm_lab --help says more.
"""

import argparse
import shlex
import sys
import warnings
from pathlib import Path

MOST_DRAWN = 3  # columns


def main(arguments: list[str]) -> None:
    """Run the command that the arguments name; exit with a sentence where it can't be done."""
    given = _parser().parse_args(arguments)
    warnings.showwarning = lambda message, *_: print(f"Note: {message}.", file=sys.stderr)
    try:
        given.run(given)
    except ValueError as error:
        sys.exit(f"{given.command}: {error}")
    except OSError as error:
        sys.exit(f"{given.command}: {f'{error.filename}: {error.strerror}' if error.filename else error}")
    except KeyboardInterrupt:
        sys.exit(f"{given.command}: interrupted")


def _parser():
    parser = argparse.ArgumentParser("python -m gmm_lab", description="EM for Gaussian mixtures: lessons and fits.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    lessons = commands.add_parser("lessons", help="copy the lessons into a folder of your own")
    lessons.description = (
        "Copy the lessons. What you changed or ran is never overwritten: a newer one stands beside it."
    )
    lessons.add_argument(
        "folder", nargs="?", default="work", type=Path, help="made where it is missing (default: work)"
    )
    lessons.set_defaults(run=_lessons)

    fitting = commands.add_parser("fit", help="fit a mixture to a table, and draw how EM found it")
    fitting.description = "Fit a Gaussian mixture to the columns of numbers in a table, and say what was found."
    fitting.add_argument("table", help="a CSV file: a line of names, then a point a line")
    fitting.add_argument("-k", "--components", type=int, required=True, help="how many Gaussians")
    fitting.add_argument("-c", "--columns", nargs="+", metavar="NAME", help="of all columns of numbers only these")
    fitting.add_argument("-o", "--output", type=Path, help="a GIF to write, of at most three columns")
    fitting.set_defaults(run=_fit)

    marks = commands.add_parser("marks", help="run what a class has handed in, and say what to explain")
    marks.description = (
        "Run all notebooks in FOLDER/STUDENT/ anew, each in a process of its own. Write FOLDER/marks.csv, a line for"
        " each exercise and each prediction, and FOLDER/marks.html: slips and predictions, by how many made them. What"
        " students have written runs as you: use an account or a container that holds nothing else."
    )
    marks.add_argument("folder", type=Path)
    marks.add_argument("--seconds", type=int, default=300, help="for each notebook (default: %(default)s)")
    marks.add_argument("--memory", type=int, default=4096, help="for each notebook, in MiB (default: %(default)s)")
    marks.set_defaults(run=_marks)
    return parser


def _lessons(given):
    from gmm_lab.lab.work import LESSONS, prepare

    told = prepare(LESSONS, given.folder)
    print(*(told or [f"{given.folder.name}/ has all lessons, as they are now."]), sep="\n")
    print("Open 00_start_here.ipynb in it, in JupyterLab or another editor of notebooks.")


def _fit(given):
    from gmm_lab import captions, datasets, fit

    data = datasets.read_csv(given.table, given.columns)
    if given.output:
        _require_drawable(given.output, data.columns)
    in_terminal = sys.stderr.isatty()
    result = fit(data, given.components, progress=in_terminal)
    print(result, captions.mixture(result.mixture), sep="\n")
    if given.output:
        _draw(result, given.output, in_terminal)


def _require_drawable(path, columns):
    """Raise ValueError or OSError where no GIF of these columns can be written to `path`, before time is spent."""
    from gmm_lab.files import require_writable
    from gmm_lab.pictures.gif import check_path

    if len(columns) > MOST_DRAWN:
        raise ValueError(
            f"{len(columns)} columns of numbers ({', '.join(columns)}), and at most {MOST_DRAWN} can be drawn:"
            f" choose, as in -c {shlex.join(columns[:MOST_DRAWN])}, or leave out -o"
        )
    require_writable(check_path(path))


def _draw(result, path, in_terminal):
    from tqdm import tqdm

    from gmm_lab import animate

    def counted(pictures, total):
        return tqdm(pictures, desc="drawing", unit=" frames", total=total, disable=not in_terminal)

    drawn = animate(result, path, progress=counted)
    if drawn.path is None:
        raise OSError(drawn.not_saved)
    print(f"{drawn.path}: {len(drawn.captions)} frames, {drawn.seconds:.1f} s")


def _marks(given):
    from tqdm import tqdm

    from gmm_lab.files import write_whole
    from gmm_lab.marking import mark, page, submissions, table

    found = tqdm(submissions(given.folder), unit=" notebooks", disable=not sys.stderr.isatty())
    rows = [row for path in found for row in mark(path, given.folder, given.seconds, given.memory)]
    for name, text in (("marks.csv", table(rows)), ("marks.html", page(rows))):
        write_whole(given.folder / name, text.encode())
        print(given.folder / name)


if __name__ == "__main__":
    main(sys.argv[1:])
