"""Print the lessons of the built site as hand-outs, _site/handouts/NN_name.pdf: A4, animations and players as stills.

handouts.py              without the answers to predictions and without what is folded under exercises
handouts.py --solutions  with both, NN_name_solutions.pdf
"""

import sys

from navigation import LESSONS
from printing import chromium, pdf, serve
from website import ROOT, SITE

PREPARE = """async (solutions) => {
  const told = /^(Further|What made|Why it works|.*[.]gif)/; // explanations: no answers
  const without = (list) => [...list].forEach((element) => element.remove());
  for (const cell of document.querySelectorAll(".cell")) {
    const code = cell.querySelector(".cell_input")?.textContent ?? "";
    if (code.includes(".reveal(") && !solutions) cell.remove();
    if (/ = (predict|check[.]\\w+)\\(/.test(code)) without(cell.querySelectorAll(".cell_output"));
    if (code.includes("explorers.")) without(cell.querySelectorAll(".cell_output p"));
  }
  for (const fold of document.querySelectorAll("details")) {
    const summary = fold.querySelector("summary");
    if (solutions || told.test(summary.textContent)) {
      const heading = Object.assign(document.createElement("p"), { innerHTML: `<b>${summary.innerHTML}</b>` });
      if (!summary.textContent.includes(".gif")) fold.before(heading);
      summary.remove();
      fold.replaceWith(...fold.childNodes);
    } else fold.remove();
  }
  for (const image of document.images) image.loading = "eager";
  await window.MathJax.startup.promise;
  for (const formula of document.querySelectorAll("mjx-container[display]")) {
    const { scrollWidth: needed, clientWidth: room } = formula;
    if (needed > room) formula.style.zoom = (0.98 * room) / needed;
  }
  await Promise.all([...document.images].map((image) => image.decode()));
}"""
MARGINS = dict.fromkeys(("top", "bottom", "left", "right"), "15mm")
FOOTER = """<div style="font-size: 8px; width: 100%; text-align: center">
<span class="title"></span> · <span class="pageNumber"></span> / <span class="totalPages"></span></div>"""


def write(browser, address, folder, solutions):
    """Print every lesson of the site at an address into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for lesson in LESSONS:
        page = browser.new_page(viewport={"width": 850, "height": 1200}, color_scheme="light")
        page.goto(f"{address}notebooks/{lesson.file}.html")
        page.emulate_media(media="print")
        page.evaluate(PREPARE, solutions)
        path = folder / f"{lesson.file}{'_solutions' if solutions else ''}.pdf"
        paper = {"format": "A4", "scale": 0.8, "margin": MARGINS}
        pdf(page, path, **paper, display_header_footer=True, header_template="<span></span>", footer_template=FOOTER)
        page.close()


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--solutions"]):
        sys.exit(__doc__)
    with serve(SITE / "html") as address, chromium() as browser:
        write(browser, address, SITE / "handouts", solutions=len(sys.argv) > 1)
    print(f"The hand-outs stand in {(SITE / 'handouts').relative_to(ROOT)}.")
