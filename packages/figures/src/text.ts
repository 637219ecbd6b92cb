// The places that text goes to, and what would let it break out of them.

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for an HTML element or a quoted attribute. */
export function htmlText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/** Text for a label inside a plot, where plotly.js reads tags such as `<b>` and entities. */
export function plotlyText(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character]);
}

/** JSON for a `<script>` element: neither `</script>` nor `<!--` can appear, nor a line end that scripts of old refuse. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A number as the lesson prints it in labels: four decimals, with a true minus sign. */
export function shortNumber(value: number): string {
  return value.toFixed(4).replace("-", "−");
}
