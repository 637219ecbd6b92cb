// How good a default fit is: its log-likelihood beside the best of scikit-learn's twenty starts, and its time beside that
// of scikit-learn's default call, which makes one start.
import { spawnSync } from "node:child_process";
import { GaussianMixture } from "em-mixtures";
import { path } from "../scripts/set-up/project.mjs";
import { pythonOf } from "../scripts/set-up/python.mjs";

/**
 * @typedef {{ data: string, components: number, type: string, ours: number, nearSingular: boolean, best: number | null,
 *   byDefault: number | null, seconds: number, secondsOfDefault: number, behind?: number }} QualityRow
 */

/** @returns {QualityRow[]} none where scikit-learn is not to be had */
export function measureQuality() {
  const python = pythonOf(path("build", "bench", "python"));
  const program = [path("bench", "peers", "quality.py"), path("notebooks", "old-faithful.csv")];
  const { stdout, status, error } = spawnSync(python, program, { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (error || status !== 0) return [];
  /** @type {Map<string, readonly number[][]>} */
  const tables = new Map();
  /** @type {QualityRow[]} */
  const found = [];
  for (const line of stdout.trim().split("\n")) {
    const answer = JSON.parse(line);
    if (answer.rows) {
      tables.set(answer.data, answer.rows);
      continue;
    }
    const { data, components, type, best, default: byDefault } = answer;
    const rows = tables.get(data) ?? [];
    const fit = () => GaussianMixture.fit(rows, { nComponents: components, covarianceType: type });
    fit();
    const begun = performance.now();
    const { logLikelihood, nearSingular } = fit().report;
    const seconds = (performance.now() - begun) / 1000;
    const soundBest = typeof best === "number" && !nearSingular;
    found.push({
      data,
      components,
      type,
      ours: logLikelihood,
      nearSingular,
      best,
      byDefault: byDefault.logLikelihood,
      seconds,
      secondsOfDefault: byDefault.seconds,
      ...(soundBest && { behind: (best - logLikelihood) / rows.length }),
    });
  }
  return found;
}
