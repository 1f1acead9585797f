// Paper is white: print a dark page in light colours, and with all its pictures.
matchMedia("print").addEventListener("change", ({ matches }) => {
  const { dataset } = document.documentElement;
  if (matches) {
    dataset.onScreen = dataset.theme;
    dataset.theme = "light";
    for (const image of document.images) image.loading = "eager";
  } else {
    dataset.theme = dataset.onScreen;
  }
});

// What can be scrolled can be reached by key.
addEventListener("load", () => {
  for (const table of document.querySelectorAll(".bd-content table")) {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  }
});
