(kind, name, start) => {
  // A viewer may run this script anywhere, and before the box is on the page: so the box is looked for by its name.
  const startAll = () => {
    const named = [...document.querySelectorAll(`.${kind}[data-name="${name}"]`)];
    const boxes = named.filter((box) => !box.gmmStarted);
    for (const box of boxes) {
      box.gmmStarted = true;
      box.querySelector(".gmm-live")?.remove(); // of a page that was saved while a script ran on it
      const live = Object.assign(document.createElement("div"), { className: "gmm-live" });
      const stills = box.querySelector(".gmm-stills");
      start(live, stills);
      stills.after(live);
      stills.classList.add("gmm-for-print");
    }
    return boxes.length > 0;
  };
  if (startAll()) return;
  const watch = new MutationObserver(() => startAll() && watch.disconnect());
  watch.observe(document, { childList: true, subtree: true });
  setTimeout(() => watch.disconnect(), 10_000);
}
