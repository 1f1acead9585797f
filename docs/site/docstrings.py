"""The page of the package: docstrings as they are written here, and code with the picture that it draws."""

import re

import matplotlib
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from gmm_lab.pictures.showing import picture

matplotlib.use("agg")
import matplotlib.pyplot as plt

PARAMETER = re.compile(r"(?:^|(?<=\.  ))(\w+(?:, \w+)*) : ")


def as_list(app, what, name, obj, options, lines):
    """Make a list of what a docstring tells of parameters, as in "points : (N, D).  rng : a generator or a seed."."""
    example = next((n for n, line in enumerate(lines) if line.startswith(">>>")), len(lines))
    written, listed = [], False
    for line in lines[:example]:
        line = line.replace("|", r"\|")  # which reStructuredText would take for a name to be filled in
        was_listed, listed = listed, bool(PARAMETER.match(line)) or (listed and line.startswith(" "))
        if listed != was_listed:
            written.append("")
        parts = PARAMETER.sub(r"\n- **\1** : ", line) if listed else line
        written += [part.rstrip() for part in parts.removeprefix("\n").split("\n")]
    lines[:example] = written


class Drawn(SphinxDirective):
    """Code, run in order down the page, and what it draws; the argument is what tells it in words."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self):
        names = self.env.temp_data.setdefault("drawn", {})
        code = "\n".join(self.content)
        exec(code, names)
        told = " ".join(eval(self.arguments[0], names).splitlines())
        html = picture(plt.gcf(), told)
        plt.close("all")
        block = nodes.literal_block(code, code, language="python")
        return [block, nodes.raw("", f'<p class="drawn">{html}</p>', format="html")]


def setup(app: Sphinx):
    app.add_directive("drawn", Drawn)
    app.connect("autodoc-process-docstring", as_list)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
