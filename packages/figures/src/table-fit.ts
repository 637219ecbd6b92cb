import { normalDensity } from "em-lesson";
import type { Data, Layout } from "plotly.js-dist-min";
import { deviations, ellipse } from "./ellipse.js";
import type { Figure } from "./figure.js";
import { compact, extremes, gridOver, thinned, valuesOn } from "./numbers.js";
import { colours, cycled, dashes, layoutWith, sumColour, symbols } from "./template.js";
import { plotlyText, shortNumber } from "./text.js";

/** A Gaussian mixture over a table, such as the `params` of a `GaussianMixture`. */
export interface TableFit {
  readonly weights: readonly number[];
  readonly means: readonly (readonly number[])[];
  /** K × D × D matrices, or K × D variances. */
  readonly covariances: readonly (readonly (readonly number[])[] | readonly number[])[];
}

/** Points drawn in each pair of columns, at most: more cover each other, and make the page heavy. */
const mostPoints = 200;

/**
 * A fit to any table: below the diagonal each pair of columns, with points by component and ellipses of two deviations;
 * on it each column's histogram, with the components' densities and their sum.
 *
 * @param labels the component of each row, as `predict` gives it
 * @param names the columns' names; two to six
 */
export function pairsPlot({
  rows,
  labels,
  params,
  names,
}: {
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly params: TableFit;
  readonly names: readonly string[];
}): Figure {
  const D = names.length;
  if (D < 2 || D > 6) throw new RangeError(`pairsPlot: \`names\` has ${D} columns: choose two to six of them`);
  const K = params.weights.length;
  const drawn = thinned([...rows.keys()], mostPoints);
  const data: Data[] = [];
  const layout: Record<string, unknown> = {};
  const side = 1 / D;
  const gap = 0.035;
  // On a phone, a panel is not much wider than a word.
  const small = { size: 11 };
  for (let i = 0; i < D; i++)
    for (let j = 0; j <= i; j++) {
      const axis = String(i * D + j + 1);
      layout[`xaxis${axis}`] = {
        domain: [j * side + gap, (j + 1) * side],
        anchor: `y${axis}`,
        nticks: 3,
        tickangle: 0,
        ...(i < D - 1 ? { showticklabels: false } : { title: { text: plotlyText(names[j]), font: small } }),
      };
      layout[`yaxis${axis}`] = {
        domain: [1 - (i + 1) * side + gap, 1 - i * side],
        anchor: `x${axis}`,
        nticks: 4,
        ...(j > 0 || i === 0 ? { showticklabels: false } : { title: { text: plotlyText(names[i]), font: small } }),
      };
      const place = { xaxis: `x${axis}`, yaxis: `y${axis}` } as object;
      data.push(...(i === j ? columnOf(i) : pairOf(j, i)).map((trace) => ({ ...trace, ...place }) as Data));
    }

  function columnOf(j: number): Data[] {
    const values = rows.map((row) => row[j]);
    const grid = gridOver(...extremes(values), 60);
    const density = (k: number) => {
      const deviation = Math.sqrt(covarianceOf(params, k, j, j));
      return valuesOn(grid, (x) => params.weights[k] * normalDensity(x, params.means[k][j], deviation));
    };
    const each = params.weights.map((_, k) => density(k));
    const line = (y: readonly number[], style: object) =>
      ({
        type: "scatter",
        mode: "lines",
        x0: grid.x0,
        dx: grid.dx,
        y: compact(y),
        showlegend: false,
        ...style,
      }) as Data;
    return [
      {
        type: "histogram",
        x: compact(values, 5),
        histnorm: "probability density",
        nbinsx: 24,
        marker: { color: "rgba(128,128,128,0.35)" },
        showlegend: false,
        hoverinfo: "skip",
      } as Data,
      ...each.map((y, k) => line(y, { line: { color: cycled(colours, k), dash: cycled(dashes, k), width: 2 } })),
      line(
        each[0].map((_, at) => each.reduce((sum, y) => sum + y[at], 0)),
        { line: { color: sumColour, width: 1.5 } },
      ),
    ];
  }

  function pairOf(x: number, y: number): Data[] {
    return params.weights.flatMap((_, k) => {
      const own = drawn.filter((row) => labels[row] === k);
      const name = `component ${k}`;
      const curve = ellipse(
        [params.means[k][x], params.means[k][y]],
        [
          [covarianceOf(params, k, x, x), covarianceOf(params, k, x, y)],
          [covarianceOf(params, k, x, y), covarianceOf(params, k, y, y)],
        ],
      );
      const first = x === 0 && y === 1;
      return [
        {
          type: "scatter",
          mode: "markers",
          name,
          legendgroup: name,
          showlegend: first,
          x: compact(
            own.map((row) => rows[row][x]),
            5,
          ),
          y: compact(
            own.map((row) => rows[row][y]),
            5,
          ),
          marker: { color: cycled(colours, k), symbol: cycled(symbols, k), size: 4 },
        },
        {
          type: "scatter",
          mode: "lines",
          legendgroup: name,
          showlegend: false,
          hoverinfo: "skip",
          ...curve,
          line: { color: cycled(colours, k), width: 2 },
        },
      ] as Data[];
    });
  }

  const told = params.means.map(
    (mean, k) =>
      `component ${k}, weight ${shortNumber(params.weights[k])}, at ${mean.map((m) => shortNumber(m)).join(", ")}`,
  );
  return {
    title: "Each pair of columns, and each column, with the fit",
    alt:
      `Pairs plot of ${names.join(", ")}: ${rows.length} rows as points in a colour and a symbol for each of ${K} components, ` +
      `ellipses of ${deviations} deviations, and on the diagonal histograms with the components' densities and their sum. ` +
      `Means: ${told.join("; ")}.`,
    data,
    layout: layoutWith({ height: 160 + 130 * D, barmode: "overlay", ...layout } as Partial<Layout>),
  };
}

/** Entry (i, j) of component k's covariance. */
function covarianceOf({ covariances }: TableFit, k: number, i: number, j: number): number {
  const row = covariances[k][i];
  if (typeof row === "number") return i === j ? row : 0;
  return row[j];
}

/**
 * The log-likelihoods of all restarts over their updates; the best is drawn thick.
 * @param histories for each restart ℓ after 0, 1, … updates, as `onIteration` tells them
 */
export function restartTraces({ histories }: { readonly histories: readonly (readonly number[])[] }): Figure {
  if (histories.length === 0) throw new RangeError("restartTraces: `histories` is empty: give at least one");
  const ends = histories.map((history) => history[history.length - 1]);
  const best = ends.indexOf(Math.max(...ends));
  const reached = ends.filter((end) => ends[best] - end < 1e-3 * Math.max(1, Math.abs(ends[best]))).length;
  // The start's log-likelihood may lie so far below all others that they would be one line.
  const low = Math.min(...histories.map((history) => history[Math.min(2, history.length - 1)]));
  const room = Math.max(ends[best] - low, 1e-9);
  return {
    title: "The log-likelihood of each restart",
    alt:
      `Line chart: updates against the log-likelihood, a line for each of ${histories.length} restarts. ` +
      `The best, restart ${best}, reaches ${shortNumber(ends[best])} after ${histories[best].length - 1} updates; ` +
      `${reached} of ${histories.length} come within a thousandth of it, the lowest ends at ${shortNumber(Math.min(...ends))}.`,
    data: histories.map((history, run) => ({
      type: "scatter",
      mode: "lines",
      name: run === best ? `restart ${run}, the best` : `restart ${run}`,
      showlegend: run === best,
      y: compact(history, 7),
      line: run === best ? { color: colours[0], width: 3 } : { color: sumColour, width: 1.2 },
    })),
    layout: layoutWith({
      xaxis: { title: { text: "updates" } },
      yaxis: { title: { text: "log-likelihood ℓ" }, range: [low - 0.05 * room, ends[best] + 0.08 * room] },
    }),
  };
}
