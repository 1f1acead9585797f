"""Settings of Sphinx for the web site. `tools/website.py` runs it, and says where the extensions and MathJax lie."""

import os

import navigation

project = "gmm_lab"
author = copyright = "the gmm_lab authors"
language = "en-GB"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx_copybutton", "lessons", "pictures", "docstrings"]
exclude_patterns = ["README.md"]  # parts of which stand in other pages

nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_dmath_double_inline = True
mathjax_path = "mathjax/tex-chtml.js"

default_role = "literal"  # a word in backticks is code, in docstrings too
autodoc_preserve_defaults = True
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True

html_theme = "sphinx_book_theme"
html_title = "gmm_lab"
templates_path = ["templates"]  # the theme leaves its sidebar without a landmark
html_static_path = ["static", os.environ["GMM_LAB_STATIC"]]
html_css_files, html_js_files = ["site.css"], ["page.js"]
html_use_index = html_domain_indices = False
html_theme_options = {
    "show_toc_level": 2,
    "use_fullscreen_button": False,
    "navbar_persistent": [],  # one field to search in is enough
}
html_context = {"default_mode": "auto"}  # light or dark as the reader's system
repository = navigation.repository()
if repository:
    html_theme_options |= {"repository_url": f"https://github.com/{repository}", "use_repository_button": True}
copybutton_selector = "div.cell_input div.highlight pre, div.highlight-console pre, div.highlight-python pre"
