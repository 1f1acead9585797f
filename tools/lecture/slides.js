// Formulas first, since a slide is laid out by their size. `window.ready` tells when all can be seen or printed.
const reveal = async () => {
  await MathJax.startup.defaultPageReady();
  for (const formula of document.querySelectorAll(".words mjx-container[display]")) {
    const { scrollWidth: needed, clientWidth: room } = formula.closest(".words");
    if (needed > room) formula.style.fontSize = `${(98 * room) / needed}%`;
  }
  // a formula's text for screen readers: the speaker's window has no style that hides it
  for (const text of document.querySelectorAll(".notes mjx-assistive-mml")) {
    text.style = "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)";
  }
  document.querySelector(".unready").classList.remove("unready");
  await Promise.all([...document.images].map((image) => image.decode()));
  const laidOut = new Promise((resolve) => Reveal.on("pdf-ready", resolve));
  await Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    controls: false,
    hash: true,
    pdfMaxPagesPerSlide: 1,
    slideNumber: "c/t",
    transition: "none",
    keyboardCondition: (event) => !event.target.closest?.(".gmm-player"), // whose keys are its own
    plugins: [RevealNotes],
  });
  if (Reveal.isPrintView()) await laidOut;
};
window.ready = new Promise((resolve) => {
  window.MathJax = { startup: { pageReady: () => reveal().then(resolve) }, options: { enableMenu: false }, svg: { fontCache: "none" } };
});
