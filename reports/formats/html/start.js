// Draws all, and again when a filter changes.

function drawAll() {
  const test = filter();
  const shown = new Set(cells.filter(test));
  drawMatrices(shown);
  const found = drawFindings(shown);
  drawCharts();
  const targets = new Set([...shown].map((cell) => `${cell.suite} ${cell.target}`)).size;
  document.getElementById("count").textContent =
    `${shown.size.toLocaleString("en")} of ${plural(cells.length, "cell")}: ${plural(targets, "target")}, ${plural(found, "finding")}`;
}

function isDark() {
  return (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
}

function drawTheme() {
  document.getElementById("theme").textContent = isDark() ? "Light" : "Dark";
  document.getElementById("theme").setAttribute("aria-label", `switch to ${isDark() ? "light" : "dark"} colours`);
}

document.getElementById("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  drawTheme();
  writeAddress();
});
// A click beside the dialog closes it; Escape does so by itself.
document.getElementById("details").addEventListener("click", (event) => event.target.tagName === "DIALOG" && event.target.close());

// On paper all rows are there.
addEventListener("beforeprint", () => {
  for (const more of document.querySelectorAll("#matrix .more")) while (!more.hidden) more.click();
});

readAddress();
drawTheme();
drawFilters(drawAll);
drawAll();
