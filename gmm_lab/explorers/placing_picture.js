(part, points, axes, colours, mass, cholesky) => {
  const WIDTH = 420, HEIGHT = 330; // of the picture
  const LEFT = 44, RIGHT = 414, TOP = 6, BOTTOM = 288; // of its panel
  const ROOM = 0.08; // beyond the points, of their range
  const radius = Math.sqrt(-2 * Math.log(1 - mass)); // in 2-D
  const bounds = axes.map((_, d) => {
    const values = points.map((point) => point[d]);
    const low = Math.min(...values), high = Math.max(...values);
    const range = high - low || 1;
    return { low: low - ROOM * range, range: (1 + 2 * ROOM) * range };
  });
  const shares = (point) => point.map((value, d) => (value - bounds[d].low) / bounds[d].range); // of the panel
  const toPoint = (shares) =>
    shares.map((share, d) => bounds[d].low + Math.min(Math.max(share, 0), 1) * bounds[d].range);
  const place = (point) => {
    const [x, y] = shares(point);
    return [LEFT + x * (RIGHT - LEFT), BOTTOM - y * (BOTTOM - TOP)];
  };
  const set = (element, attributes) => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  };
  const draw = (parent, name, attributes, text = "") => {
    const element = parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", name));
    set(element, attributes);
    element.textContent = text;
    return element;
  };

  const svg = draw(part, "svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": "Means to move" });
  const paper = draw(svg, "g", { "aria-hidden": true });
  const panel = { x: LEFT, y: TOP, width: RIGHT - LEFT, height: BOTTOM - TOP };
  draw(paper, "rect", { width: WIDTH, height: HEIGHT, fill: "white" });
  draw(paper, "rect", { ...panel, class: "wall" });
  axes[0].ticks.forEach((tick) => {
    const [x] = place([tick, bounds[1].low]);
    draw(paper, "path", { d: `M${x} ${BOTTOM}V${TOP}`, class: "grid" });
    draw(paper, "text", { x, y: BOTTOM + 15, class: "middle" }, tick);
  });
  axes[1].ticks.forEach((tick) => {
    const [, y] = place([bounds[0].low, tick]);
    draw(paper, "path", { d: `M${LEFT} ${y}H${RIGHT}`, class: "grid" });
    draw(paper, "text", { x: LEFT - 4, y: y + 4, class: "end" }, tick);
  });
  draw(paper, "text", { x: (LEFT + RIGHT) / 2, y: HEIGHT - 9, class: "middle" }, axes[0].name);
  const upright = `translate(11 ${(TOP + BOTTOM) / 2}) rotate(-90)`;
  draw(paper, "text", { transform: upright, class: "middle" }, axes[1].name);
  draw(paper, "text", { x: RIGHT - 4, y: BOTTOM - 5, class: "end" }, `ellipses hold ${Math.round(100 * mass)} %`);
  const inside = draw(paper, "svg", { ...panel, viewBox: Object.values(panel).join(" ") });
  const dots = points.map((point) => {
    const [cx, cy] = place(point);
    return draw(inside, "circle", { cx, cy, r: 3 });
  });
  const [ellipses, ways] = ["ellipse", "way"].map((name) =>
    colours.map(({ fill }) => draw(inside, "path", { class: name, stroke: fill })),
  );
  const handles = colours.map(({ fill, ink }, k) => {
    const handle = draw(svg, "g", { tabindex: 0, role: "slider", "aria-label": `Mean ${k + 1}` });
    draw(handle, "circle", { r: 20, fill: "transparent" }); // room for a finger
    draw(handle, "circle", { r: 14, class: "ring" });
    draw(handle, "circle", { r: 9, fill, stroke: "white" });
    draw(handle, "text", { y: 4, fill: ink, class: "middle" }, k + 1);
    return handle;
  });

  const outline = ({ mean, covariance }) => {
    const [p, q, r] = cholesky(covariance);
    const corners = Array.from({ length: 72 }, (_, i) => {
      const [u, v] = [Math.cos, Math.sin].map((of) => radius * of((i * Math.PI) / 36));
      return place([mean[0] + p * u, mean[1] + q * u + r * v]);
    });
    return `M${corners.join("L")}Z`;
  };
  const blend = (row) => {
    const mixed = [0, 1, 2].map((i) => row.reduce((sum, share, k) => sum + share * colours[k].rgb[i], 0));
    return `rgb(${mixed.map(Math.round)})`;
  };
  const show = (mixture, responsibilities, passed) => {
    dots.forEach((dot, n) => {
      const row = responsibilities?.[n];
      set(dot, { class: row ? "filled" : "hollow", fill: row ? blend(row) : "none" });
    });
    mixture.forEach((component, k) => {
      const { mean } = component;
      const named = axes.map(({ name }, d) => `${name} ${Number(mean[d].toPrecision(4))}`).join(", ");
      const [{ low, range }] = bounds;
      set(ellipses[k], { d: outline(component) });
      set(ways[k], { d: `M${passed.map((before) => place(before[k].mean)).join("L")}` });
      set(handles[k], { transform: `translate(${place(mean)})`, "aria-valuetext": named });
      set(handles[k], { "aria-valuemin": low, "aria-valuenow": mean[0], "aria-valuemax": low + range });
    });
  };
  const sharesAt = ({ clientX, clientY }) => {
    const box = svg.getBoundingClientRect();
    const x = ((clientX - box.left) / box.width) * WIDTH, y = ((clientY - box.top) / box.height) * HEIGHT;
    return [(x - LEFT) / (RIGHT - LEFT), (BOTTOM - y) / (BOTTOM - TOP)];
  };
  return { handles, shares, sharesAt, show, toPoint };
}
