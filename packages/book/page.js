// What the pages do beside their figures: answers that were hidden are drawn when they are opened, and printed open.
const openAll = () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
};
addEventListener("beforeprint", openAll);
// A figure that was drawn while it could not be seen has no size yet; plotly.js looks again when the window changes.
document.addEventListener("toggle", () => dispatchEvent(new Event("resize")), true);
