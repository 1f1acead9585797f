// ipywidgets gives its sliders no names and its buttons no states: this tells them to those who listen to a page.
const set = (element, name, value) => {
  if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
};

const tell = (root) => {
  for (const row of root.querySelectorAll(".widget-inline-hbox:has(.noUi-handle)")) {
    const name = row.querySelector(".widget-label").textContent;
    const readout = row.querySelector(".widget-readout");
    const handle = row.querySelector(".noUi-handle");
    set(handle, "aria-label", name);
    set(handle, "aria-valuetext", readout.textContent);
    set(readout, "role", "textbox");
    set(readout, "aria-label", `${name}, as text`);
  }
  for (const row of root.querySelectorAll(".widget-toggle-buttons")) {
    set(row, "role", "group");
    set(row, "aria-label", row.querySelector(".widget-label").textContent);
    for (const button of row.querySelectorAll("button")) {
      set(button, "aria-pressed", String(button.classList.contains("mod-active")));
    }
  }
  for (const section of root.querySelectorAll(".gmm-section")) {
    set(section, "role", "group");
    set(section, "aria-label", section.querySelector("b").textContent);
  }
  for (const bar of root.querySelectorAll(".progress")) {
    set(bar, "role", "presentation");
  }
  set(root.querySelector(".gmm-caption"), "aria-live", "polite");
  set(root, "role", "group");
  set(root, "aria-label", root.classList.contains("gmm-prediction") ? "Prediction" : "Explorer");
};

const render = ({ model, el }) => {
  let root = null;
  const sharpen = () => {
    model.set("sharpness", window.devicePixelRatio > 1 ? 2 : 1);
    model.save_changes();
  };
  const watch = new MutationObserver(() => tell(root));
  const begin = () => {
    root = el.closest(".gmm-explorer, .gmm-prediction");
    if (!root) return void requestAnimationFrame(begin); // it is not on the page yet
    watch.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
    tell(root);
  };
  begin();
  sharpen();
  window.addEventListener("resize", sharpen);
  return () => {
    watch.disconnect();
    window.removeEventListener("resize", sharpen);
  };
};

export default { render };
