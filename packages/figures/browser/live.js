// Turns the static figures of a page into live ones. It runs in the reader's browser: in a notebook it arrives with
// the packed plotly.js in the first output; a page of the book loads both from files beside it.
(() => {
  if ("emFigures" in globalThis) return;

  /** @typedef {{ label: string, data: object[], traces: number[] }} Step */
  /** @typedef {{ data: object[], layout: any, steps?: Step[] }} View */
  /** @typedef {View & { handles?: { name: string, values: string[] }[], views?: View[] }} Plot */

  /** @type {any} */
  let plotly;

  const config = {
    displaylogo: false,
    showSendToCloud: false,
    typesetMath: false,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
  };

  const style = `
.em-figure { margin: 1em 0; max-width: 60rem; }
.em-figure figcaption { font-weight: 600; margin-bottom: 0.5em; }
.em-plot { margin-top: 30px; }
.em-plot .modebar-container { top: -30px !important; }
.em-figure img { max-width: 100%; }
.em-plotly-word { display: none; }
.em-controls { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25em 0.75em; }
.em-controls button { font: inherit; color: inherit; background: none; border: 1px solid; border-radius: 4px; padding: 0.2em 0.7em; min-width: 5.5em; }
.em-controls input { flex: 1 1 10em; accent-color: #0072B2; }
.em-controls :is(label, select) { font: inherit; max-width: 100%; }
.em-controls select { color: inherit; background: none; border: 1px solid; border-radius: 4px; padding: 0.2em; }
.em-controls option { color: #000; background: #fff; }
.em-controls output { flex: 1 1 100%; font-variant-numeric: tabular-nums; }
@media print {
  .em-controls button, .em-controls input, .em-controls label { display: none; }
  .em-figure { break-inside: avoid; }
  .em-figure .main-svg text { fill: #000 !important; }
}`;

  // plotly.js lays its buttons on the picture, where they hide the legend: always on a touch screen, else under the mouse.
  // The style has them above it. A bar of half-transparent black is its default on a clear background.
  const modebar = { bgcolor: "rgba(0,0,0,0)", color: "#767676", activecolor: "#0072B2" };

  /** The traces as they are at a step. @param {View} view @param {Step | undefined} step */
  const tracesAt = (view, step) =>
    view.data.map((trace, i) => withPoints({ ...trace, ...step?.data[step.traces.indexOf(i)] }));

  /** Works out the points of a curve that is given by its normal densities. @param {any} trace */
  function withPoints({ normals, points, ...trace }) {
    if (normals === undefined) return trace;
    /** @param {number} x */
    const height = (x) => {
      let sum = 0;
      for (const [weight, mean, deviation] of normals)
        sum += (weight / deviation) * Math.exp(-0.5 * ((x - mean) / deviation) ** 2);
      return sum / Math.sqrt(2 * Math.PI);
    };
    return { ...trace, y: Array.from({ length: points }, (_, i) => height(trace.x0 + i * trace.dx)) };
  }

  /** Whether a figure is drawn by WebGL. @param {Plot} plot */
  const isSolid = (plot) => plot.data.some((trace) => "type" in trace && /3d|surface/.test(String(trace.type)));

  /** @param {Element} element */
  const ink = (element) => getComputedStyle(element).color;

  /** Draws figures that come near the view: to draw all of a page at once would take seconds, and much memory. */
  const nearView = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        nearView.unobserve(target);
        if (!target.hasAttribute("data-live")) draw(target);
      }
    },
    { rootMargin: "600px" },
  );

  /** Whether plotly.js came packed, with a notebook: that takes its cells out of the page and puts them back as it likes. */
  let inNotebook = false;

  /** Draws every figure of the page that is not live yet: in a notebook at once, on a page of the book near the view. */
  function drawAll() {
    if (!plotly) return;
    for (const figure of document.querySelectorAll("figure.em-figure:not([data-live])"))
      if (inNotebook) draw(figure);
      else nearView.observe(figure);
  }

  /** @param {Element} figure */
  async function draw(figure) {
    figure.setAttribute("data-live", "drawing");
    const image = /** @type {HTMLImageElement} */ (figure.querySelector("img"));
    /** @type {Plot} */
    const plot = JSON.parse(figure.querySelector("script[type='application/json']")?.textContent ?? "");
    // Without WebGL plotly.js would say so in place of the picture.
    if (isSolid(plot) && !document.createElement("canvas").getContext("webgl")) {
      figure.setAttribute("data-live", "still");
      return;
    }
    const place = document.createElement("div");
    place.className = "em-plot";
    image.after(place);
    // The wheel scrolls the page: over a surface plotly.js would take it for its own.
    place.addEventListener("wheel", (event) => event.stopPropagation(), { capture: true });
    const layout = { ...plot.layout, font: { color: ink(figure) }, modebar, uirevision: "kept" };
    // A finger that moves over a plot scrolls the page.
    if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false;
    try {
      await plotly.newPlot(place, tracesAt(plot, plot.steps?.[0]), layout, config);
    } catch (error) {
      place.remove();
      throw error;
    }
    // Not by `hidden`: the style sheet of the classic notebook gives images a display of its own.
    image.style.display = "none";
    // One of plotly.js's layers speaks for the picture; its buttons, which stand beside them, stay reachable.
    const [layer, ...others] = place.querySelectorAll(".main-svg");
    layer.setAttribute("role", "img");
    layer.setAttribute("aria-label", image.alt);
    for (const other of others) other.setAttribute("aria-hidden", "true");
    new ResizeObserver(() => {
      if (place.offsetWidth > 0) plotly.Plots.resize(place);
    }).observe(place);
    if (plot.steps ?? plot.handles) place.after(controls(plot, place));
    figure.setAttribute("data-live", "drawn");
  }

  /** The handles, and the slider with its play button. @param {Plot} plot @param {HTMLElement & { layout?: any }} place */
  function controls(plot, place) {
    const bar = document.createElement("div");
    bar.className = "em-controls";
    const views = [plot, ...(plot.views ?? [])];
    let view = views[0];
    const button = document.createElement("button");
    button.type = "button";
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: "0", value: "0" });
    slider.setAttribute("aria-label", "step");
    const label = document.createElement("output");
    const lists = (plot.handles ?? []).map(list);
    bar.append(...lists.map(({ label }) => label), button, slider, label);
    // JupyterLab would take the arrow keys for its own. It looks for the attribute from the focused element upwards, but
    // only after its commands for "any element that has the focus", so each control bears it.
    for (const control of [button, slider, ...lists.map(({ select }) => select)])
      control.setAttribute("data-lm-suppress-shortcuts", "true");

    /** @param {number} i */
    const goTo = (i) => {
      const step = view.steps?.[i];
      slider.value = String(i);
      label.textContent = step?.label ?? "";
      slider.setAttribute("aria-valuetext", label.textContent);
      plotly.react(place, tracesAt(view, step), place.layout, config);
    };
    /** @type {ReturnType<typeof setInterval> | undefined} */
    let timer;
    const pause = () => {
      clearInterval(timer);
      timer = undefined;
      button.textContent = "▶ Play";
    };
    const last = () => (view.steps?.length ?? 1) - 1;
    const play = () => {
      button.textContent = "❚❚ Pause";
      if (slider.valueAsNumber === last()) goTo(0);
      timer = setInterval(() => {
        goTo(slider.valueAsNumber + 1);
        if (slider.valueAsNumber === last() || !place.isConnected) pause();
      }, 600);
    };
    /** Fits the slider to the view. */
    const fit = () => {
      pause();
      slider.max = String(last());
      slider.hidden = button.hidden = view.steps === undefined;
    };
    button.addEventListener("click", () => (timer === undefined ? play() : pause()));
    slider.addEventListener("input", () => {
      pause();
      goTo(slider.valueAsNumber);
    });
    for (const { select } of lists)
      select.addEventListener("change", () => {
        view = views[lists.reduce((index, { select }) => index * select.length + select.selectedIndex, 0)];
        // Through `uirevision` plotly.js would keep the old view's zoom on the new one's axes.
        place.layout = {
          ...place.layout,
          ...plot.layout,
          ...view.layout,
          font: place.layout.font,
          uirevision: views.indexOf(view),
        };
        fit();
        goTo(0);
      });
    fit();
    label.textContent = view.steps?.[0].label ?? "";
    return bar;
  }

  /** A handle as a list to choose from. @param {{ name: string, values: string[] }} handle */
  function list({ name, values }) {
    const label = document.createElement("label");
    const select = document.createElement("select");
    select.append(...values.map((value) => new Option(value)));
    label.append(`${name}: `, select);
    return { label, select };
  }

  /** The figure as an image on white, at its start, which it names: later steps would tell what is still to be found out. @param {Plot} plot @returns {Promise<string>} a data URI */
  function still(plot) {
    const step = plot.steps?.[0];
    const layout = { ...plot.layout, font: { color: "#000" }, paper_bgcolor: "#fff" };
    if (step) {
      const text = step.label.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
      layout.title = {
        text,
        x: 0,
        xref: "paper",
        y: 0.99,
        yref: "container",
        yanchor: "top",
        automargin: true,
        font: { size: 13 },
      };
    }
    const size = { format: isSolid(plot) ? "png" : "svg", width: 680, height: 420 };
    return plotly.toImage({ data: tracesAt(plot, step), layout, config }, size);
  }

  /** Keeps the text of plots in the page's colour when its theme changes. */
  function followTheme() {
    const recolour = () => {
      for (const place of document.querySelectorAll("figure.em-figure .js-plotly-plot"))
        plotly.relayout(place, { "font.color": ink(place) });
    };
    for (const element of [document.documentElement, document.body])
      new MutationObserver(recolour).observe(element, {
        attributeFilter: ["class", "data-theme", "data-jp-theme-name"],
      });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  }

  /** Unpacks the plotly.js that a notebook carries. @param {Element} element */
  async function unpack(element) {
    const bytes = Uint8Array.from(atob(element.textContent ?? ""), (character) => character.charCodeAt(0));
    const unzipped = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(unzipped).text();
    document.head.append(script);
    script.remove();
  }

  async function start() {
    const packed = document.querySelector("script.em-plotly");
    inNotebook = packed !== null;
    if (packed) await unpack(packed);
    plotly = /** @type {any} */ (globalThis)["Plotly"];
    if (!plotly) return;
    const sheet = document.createElement("style");
    sheet.textContent = style;
    document.head.append(sheet);
    followTheme();
    drawAll();
  }

  Object.assign(globalThis, { emFigures: { drawAll, still } });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
