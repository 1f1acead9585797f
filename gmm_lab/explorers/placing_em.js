(() => {
  // EM in 2-D as in gmm_lab: a mixture is a list of { weight, mean, covariance: [a, b, c] } for [[a, b], [b, c]]
  const EMPTY = 1e-100, FLAT = 1e-15, ROUNDING = 1e-11, ALIKE = 0.01;
  const total = (values) => values.reduce((sum, value) => sum + value, 0);
  const cholesky = ([a, b, c]) => [Math.sqrt(a), b / Math.sqrt(a), Math.sqrt(c - (b * b) / a)];
  const gaussian = ({ mean, covariance }) => {
    const [p, q, r] = cholesky(covariance);
    const squaredDistance = ([x, y]) => ((x - mean[0]) / p) ** 2 + ((y - mean[1] - (q * (x - mean[0])) / p) / r) ** 2;
    return { squaredDistance, logRoot: Math.log(p * r) };
  };
  const eStep = (points, mixture) => {
    const parts = mixture.map(gaussian);
    const constants = mixture.map(({ weight }, k) => Math.log(weight) - parts[k].logRoot - Math.log(2 * Math.PI));
    let logLikelihood = 0;
    const responsibilities = points.map((point) => {
      const logJoint = parts.map(({ squaredDistance }, k) => constants[k] - squaredDistance(point) / 2);
      const peak = Math.max(...logJoint);
      const joint = logJoint.map((log) => Math.exp(log - peak));
      logLikelihood += peak + Math.log(total(joint));
      return joint.map((value) => value / total(joint));
    });
    return { responsibilities, logLikelihood };
  };
  const component = (points, responsibilities, added, k) => {
    const count = total(responsibilities);
    if (!(count >= EMPTY)) throw new Error(`component ${k + 1} has no points left`);
    const average = (of) => total(points.map((point, n) => (responsibilities[n] / count) * of(point)));
    const mean = [0, 1].map((d) => average((point) => point[d]));
    const moment = (d, e) => average((point) => (point[d] - mean[d]) * (point[e] - mean[e]));
    const covariance = [moment(0, 0) + added[0], moment(0, 1), moment(1, 1) + added[1]];
    const [p, , r] = cholesky(covariance), deviation = Math.sqrt(covariance[2]);
    const wide = p > FLAT * Math.abs(mean[0]) && deviation > FLAT * Math.abs(mean[1]);
    if (!(wide && r >= Math.sqrt(FLAT) * deviation)) throw new Error(`component ${k + 1} is flat along some direction`);
    return { weight: count / points.length, mean, covariance };
  };
  const mStep = (points, responsibilities, added) =>
    responsibilities[0].map((_, k) => component(points, responsibilities.map((row) => row[k]), added, k));
  const alike = (one, other) => { // Bhattacharyya's distance
    const both = gaussian({ ...one, covariance: one.covariance.map((value, i) => (value + other.covariance[i]) / 2) });
    const apart = both.logRoot - (gaussian(one).logRoot + gaussian(other).logRoot) / 2;
    return both.squaredDistance(other.mean) / 8 + apart < ALIKE;
  };
  const climb = (points, start, added, tol, maxIter) => {
    for (let mixture = start, before = -Infinity, steps = []; ; before = steps.at(-1).logLikelihood) {
      const { responsibilities, logLikelihood } = eStep(points, mixture), gain = logLikelihood - before;
      const rounding = ROUNDING * Math.max(Math.abs(logLikelihood), points.length);
      const plateau = mixture.some((one, k) => mixture.slice(k + 1).some((other) => alike(one, other)));
      steps.push({ mixture, logLikelihood });
      const done = Math.abs(gain) <= rounding || (gain > 0 && gain < tol * points.length && !plateau);
      if (done) return { steps, trouble: plateau && "two components are the same" };
      if (steps.length > maxIter) return { steps, trouble: "it has not converged" };
      try {
        mixture = mStep(points, responsibilities, added);
      } catch ({ message }) {
        return { steps, trouble: message };
      }
    }
  };
  return { cholesky, eStep, mStep, climb };
})()
