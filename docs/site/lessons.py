"""Lessons on the site: how to run one, formulas with numbers, and a badge that asks no other server."""

import navigation
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

LESSONS = {f"notebooks/{lesson.file}": lesson for lesson in navigation.LESSONS}


def links(docname, lesson):
    """Return what leads from a page to a running lesson: address and text of each link."""
    up = "../" * docname.count("/")
    yield f"{up}lite/notebooks/index.html?path={lesson.file}.ipynb", "Run it in this browser"
    if repository := navigation.repository():
        yield navigation.binder(repository, lesson), "Run it on Binder"


def ways(docname, lesson):
    """Return these links, as buttons, and what to expect of them."""
    paragraph = nodes.paragraph(classes=["ways"])
    for number, (address, text) in enumerate(links(docname, lesson)):
        style = ["sd-btn", "btn", "btn-outline-primary" if number else "btn-primary"]
        paragraph += nodes.reference("", text, refuri=address, classes=style)
        paragraph += nodes.Text(" ")
    return paragraph


class Ways(SphinxDirective):
    """The links to a running lesson, on a page that is none."""

    required_arguments = 1

    def run(self):
        return [ways(self.env.docname, LESSONS[self.arguments[0]])]


def add_ways(app, doctree):
    """Put them under the title of each lesson."""
    docname = app.env.docname
    if docname in LESSONS:
        title = next(doctree.findall(nodes.title))
        title.parent.insert(title.parent.index(title) + 1, ways(docname, LESSONS[docname]))


def leave_out_kernel(app, doctree):
    """The first cell of a lesson speaks to those whose kernel lacks the package."""
    for cell in list(doctree.findall(nodes.container)):
        if cell.astext().strip() == navigation.kernel(navigation.repository()):
            cell.parent.remove(cell)


def keep_numbers(app, doctree):
    r"""Sphinx puts a formula of several lines into `split`, in which MathJax allows no \tag."""
    for formula in doctree.findall(nodes.math_block):
        text = formula.astext()
        if r"\\" in text and r"\tag" in text:
            formula.children = [nodes.Text(rf"\[{text}\]")]
            formula["no-wrap"] = True


def say_badge(app, doctree):
    """A badge is a picture from another server: its text says the same."""
    for image in list(doctree.findall(nodes.image)):
        if image["uri"] == navigation.BADGE:
            image.replace_self(nodes.Text(image["alt"]))


def setup(app: Sphinx):
    app.add_directive("ways", Ways)
    app.connect("doctree-read", add_ways)
    app.connect("doctree-read", leave_out_kernel)
    app.connect("doctree-read", keep_numbers)
    app.connect("doctree-read", say_badge, priority=100)  # before Sphinx looks for the picture
    return {"parallel_read_safe": True, "parallel_write_safe": True}
