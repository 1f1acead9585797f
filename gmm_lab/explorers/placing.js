(EM, drawIn) => (part, stills, points, first, added, axes, colours, [mass, tol, maxIter]) => {
  const SAME = 1; // nats: ends that differ by less are the same summit
  const HELD_UP = 2; // a needle: no more than half of its variance along some direction is the points' own
  const LISTED = 4; // weights that are told one by one
  const STEP = 0.01, LEAP = 0.1; // by a key, of the panel
  const [whole] = EM.mStep(points, points.map(() => [1]), added); // one component for all points
  let start = first; // its means
  let run = null; // EM from there, once it is asked for
  let at = 0; // half-steps done
  const ends = [];

  const add = (parent, name, properties) => parent.appendChild(Object.assign(document.createElement(name), properties));
  part.setAttribute("role", "group");
  part.setAttribute("aria-label", "A start to place, and EM from it");
  add(part, "p", { textContent: "Drag the numbered means, or use Tab and the arrow keys, with Shift for a leap." });
  const picture = drawIn(part, points, axes, colours, mass, EM.cholesky);
  const told = add(part, "div", {});
  told.setAttribute("role", "status");
  const caption = add(told, "p", { className: "gmm-caption" });
  const summits = add(told, "p", { textContent: "Ends so far: none" });
  const controls = add(part, "div", { className: "gmm-controls" });
  const button = (textContent, to) => {
    const made = add(controls, "button", { type: "button", textContent });
    made.addEventListener("click", () => {
      run ??= EM.climb(points, placed(), added, tol, maxIter);
      show(to());
    });
    return made;
  };
  const back = button("◀ Back", () => at - 1);
  const next = button("E-step ▶", () => at + 1);
  button("To the end ▶▶", () => last());
  button("↺ Again", () => 0);

  const last = () => 2 * run.steps.length - 1;
  const placed = () => start.map((mean) => ({ ...whole, weight: 1 / start.length, mean }));
  const iterations = () => Math.floor(at / 2);
  const mixture = () => (run ? run.steps[iterations()].mixture : placed());
  const short = (number) => String(Number(number.toPrecision(6)));
  const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  const listed = (weights) => {
    if (weights.length === 1) return "a single component";
    const [least, most] = [Math.min, Math.max].map((of) => of(...weights).toFixed(3));
    if (weights.length > LISTED) return `${weights.length} weights from ${least} to ${most}`;
    return `weights ${weights.map((weight) => weight.toFixed(3)).join(", ")}`;
  };
  const height = (n) => {
    const total = run.steps[n].logLikelihood, gain = n ? total - run.steps[n - 1].logLikelihood : 0;
    const digits = Math.abs(gain) >= 0.01 ? gain.toFixed(2) : gain.toExponential(0);
    const gained = n ? ` (${gain < 0 ? "" : "+"}${digits})` : "";
    return `log-likelihood ${short(total)}${gained}, ${short(total / points.length)} a point`;
  };
  const needles = ({ covariance: [a, b, c] }, k) => {
    const x = a / added[0], y = c / added[1];
    const least = (x + y - Math.hypot(x - y, (2 * b) / Math.sqrt(added[0] * added[1]))) / 2; // eigenvalue
    return least < HELD_UP ? [`component ${k + 1} is a needle, whose high likelihood means nothing`] : [];
  };
  const tell = () => {
    const n = iterations();
    if (at === 0) return `Start\n${start.length} Gaussians; no point has a colour yet`;
    if (at === last()) {
      const troubles = [...(run.trouble ? [run.trouble] : []), ...mixture().flatMap(needles)];
      return [`After ${counted(n, "iteration")}`, ...troubles].join(", but ") + `\n${height(n)}`;
    }
    if (at % 2) return `Iteration ${n + 1}, E-step: each point is coloured anew\n${height(n)}`;
    const weights = listed(mixture().map(({ weight }) => weight));
    return `Iteration ${n}, M-step: the ellipses move to their points\n${weights}`;
  };
  const note = () => {
    if (run.noted) return;
    run.noted = true;
    const { logLikelihood } = run.steps.at(-1);
    const same = ends.find((end) => Math.abs(end.logLikelihood - logLikelihood) < SAME);
    if (same) same.starts += 1;
    else ends.push({ logLikelihood, starts: 1 });
    ends.sort((one, other) => other.logLikelihood - one.logLikelihood);
    const texts = ends.map((end) => `${short(end.logLikelihood)} (${counted(end.starts, "start")})`);
    summits.textContent = `Ends so far: ${texts.join(", ")}`;
  };
  const show = (to) => {
    at = Math.min(Math.max(to, 0), run ? last() : 0);
    const passed = run ? run.steps.slice(0, iterations() + 1).map((step) => step.mixture) : [placed()];
    const colouredBy = passed.at(at % 2 ? -1 : -2); // an M-step leaves the colours as they are
    const responsibilities = at > 0 ? EM.eStep(points, colouredBy).responsibilities : null;
    part.gmmState = { mixture: mixture(), responsibilities, logLikelihood: run?.steps[iterations()].logLikelihood };
    picture.show(mixture(), responsibilities, passed);
    const done = run !== null && at === last();
    caption.textContent = tell();
    if (done) note();
    next.textContent = done ? "The end" : at % 2 ? "M-step ▶" : "E-step ▶";
    next.setAttribute("aria-disabled", done);
    back.setAttribute("aria-disabled", at === 0);
  };

  const move = (k, shares) => {
    start = mixture().map(({ mean }, other) => (other === k ? picture.toPoint(shares) : mean));
    run = null;
    show(0);
  };
  picture.handles.forEach((handle, k) => {
    let grip = null; // from the pointer to the mean
    const sharesOf = () => picture.shares(mixture()[k].mean);
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      const pointed = picture.sharesAt(event);
      grip = sharesOf().map((share, d) => share - pointed[d]);
    });
    handle.addEventListener("pointermove", (event) => {
      if (grip) move(k, picture.sharesAt(event).map((share, d) => share + grip[d]));
    });
    handle.addEventListener("lostpointercapture", () => (grip = null));
    handle.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
      if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      move(k, sharesOf().map((share, d) => share + way[d] * (event.shiftKey ? LEAP : STEP)));
    });
  });
  show(0);
}
