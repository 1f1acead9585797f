(player, stills, others, captions, pace) => {
  const kept = [...stills.querySelectorAll("img")];
  const picture = kept[0].cloneNode();
  for (const side of ["width", "height"]) picture[side] = 2 * picture.getAttribute(side); // stills are half as large
  const sources = others.map((data) => (data ? "data:image/webp;base64," + data : kept.shift().src));
  const last = sources.length - 1;
  const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
  let at = 0;
  let timer = null;

  const add = (parent, name, properties) => parent.appendChild(Object.assign(document.createElement(name), properties));
  player.append(picture);
  player.setAttribute("role", "group");
  player.setAttribute("aria-label", "Player of the half-steps of EM");
  const caption = add(player, "p", { className: "gmm-caption" });
  const controls = add(player, "div", { className: "gmm-controls" });
  const play = add(controls, "button", { type: "button" });
  const back = add(controls, "button", { type: "button", textContent: "◀ Back" });
  const next = add(controls, "button", { type: "button", textContent: "Next ▶" });
  const label = add(controls, "label", { textContent: "Half-step" });
  const scrub = add(label, "input", { type: "range", min: 0, max: last, value: 0 });
  const place = add(label, "output", {});
  const note = add(player, "p", {
    textContent: "Your system asks for less motion, so this player does not play by itself: step with the buttons.",
  });

  const show = (to) => {
    at = Math.min(Math.max(to, 0), last);
    picture.src = sources[at];
    picture.alt = captions[at].replace("\n", ": ");
    caption.textContent = captions[at];
    scrub.value = at;
    scrub.setAttribute("aria-valuetext", picture.alt);
    place.textContent = `${at} of ${last}`;
  };
  const pause = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "▶ Play";
    caption.setAttribute("aria-live", "polite");
  };
  const advance = () => {
    if (at < last && player.isConnected) show(at + 1);
    if (at === last || !player.isConnected) pause();
  };
  const toggle = () => {
    if (timer !== null) return pause();
    if (lessMotion.matches) return;
    if (at === last) show(0);
    caption.setAttribute("aria-live", "off");
    play.textContent = "❚❚ Pause";
    timer = setInterval(advance, pace);
  };
  const stepTo = (to) => {
    pause();
    show(to);
  };
  const heed = () => {
    if (lessMotion.matches) pause();
    play.disabled = lessMotion.matches;
    note.hidden = !lessMotion.matches;
  };

  play.addEventListener("click", toggle);
  back.addEventListener("click", () => stepTo(at - 1));
  next.addEventListener("click", () => stepTo(at + 1));
  scrub.addEventListener("input", () => stepTo(Number(scrub.value)));
  player.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to !== undefined) stepTo(to);
    else if (event.key === " " && event.target === scrub) toggle();
    else return;
    event.preventDefault();
  });
  lessMotion.addEventListener("change", heed);
  pause();
  heed();
  show(0);
}
