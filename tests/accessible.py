"""What axe-core finds wrong with a page."""

from pathlib import Path

import axe_playwright_python

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
RUN = """async (parts) => {
  const options = { resultTypes: ["violations"], rules: { region: { enabled: !parts.length } } };
  return (await axe.run(parts.length ? { include: parts } : document, options)).violations;
}"""


def told_by_axe(page, *parts):
    """Return the rules that a page breaks, or parts of it, each with the first place where; a part has no landmarks."""
    page.evaluate("(source) => { if (!window.axe) (0, eval)(source); }", AXE.read_text(encoding="utf-8"))
    return {rule["id"]: rule["nodes"][0]["html"][:200] for rule in page.evaluate(RUN, parts)}
