// The matrix of each suite: a row for each target, under each device a column for each check.
// Rows are drawn as they come into view: ten thousand buttons at once are slow to lay out.

const ROWS = 25;

function drawMatrices(shown) {
  const all = new Map();
  for (const cell of cells) {
    if (!all.has(cell.suite)) all.set(cell.suite, []);
    all.get(cell.suite).push(cell);
  }
  let suites = [...all].filter(([, members]) => members.some((cell) => shown.has(cell)));
  if (chosen.order === "worst") {
    const worst = ([, members]) => Math.min(...members.filter((cell) => shown.has(cell)).map((cell) => RANK[cell.state]));
    suites = suites.map((one) => [worst(one), one]).sort(([a], [b]) => a - b).map(([, one]) => one);
  }
  const parts = suites.map(([suite, members]) => matrix(suite, members, shown));
  const nothing = cells.length ? "No cell is like that: clear a filter." : "Nothing was run.";
  document.getElementById("matrix").replaceChildren(
    ...(parts.length ? parts : [element("p", { className: "note" }, nothing)]),
  );
}

function matrix(suite, members, shown) {
  const columns = columnsOf(members);
  const rows = rowsOf(members, columns, shown);
  const body = element("tbody", {});
  const title = report.suites[suite] || "cells";
  const table = element("table", { className: "matrix", role: "grid", "aria-label": `${title}: target by device and check`, "aria-rowcount": rows.length + 2 }, heads(columns), body);
  sized(table, rows, columns);
  const box = element("div", { className: "scroll tall" }, table);
  fill(body, rows, columns, shown, box);
  const first = body.querySelector("button");
  if (first) first.tabIndex = 0;
  table.addEventListener("mouseover", (event) => {
    const button = event.target.closest("td button");
    if (button) button.title = button.ariaLabel;
  });
  table.addEventListener("click", (event) => {
    const button = event.target.closest("td button");
    if (button) openCell(cells[Number(button.dataset.cell)]);
  });
  moveWithKeys(table);
  return element("div", { className: "suite" }, element("h3", {}, `${title}, ${plural(rows.length, "target")}`), box);
}

/** A fixed layout asks no cell how wide it would like to be: the longest name and the narrowest device say it. */
function sized(table, rows, columns) {
  const longest = rows.reduce((most, row) => Math.max(most, report.targets[row.target].length), 6);
  const spans = new Map();
  for (const { device } of columns) spans.set(device, (spans.get(device) ?? 0) + 1);
  table.style.setProperty("--longest", `${longest / 2}rem`);
  table.style.setProperty("--least", `${5 / Math.min(...spans.values())}rem`);
  table.style.width = `calc(var(--name) + ${columns.length} * var(--mark))`;
}

/** Device and check of each column, devices first; those that a filter leaves out have none. */
function columnsOf(members) {
  const found = new Map();
  for (const cell of members) {
    if (chosen.device && report.devices[cell.device] !== chosen.device) continue;
    if (chosen.check && report.checks[cell.check] !== chosen.check) continue;
    found.set(`${cell.device} ${cell.check}`, { device: cell.device, check: cell.check });
  }
  return [...found.values()].sort((a, b) => a.device - b.device || a.check - b.check);
}

/** The targets with a cell that is shown, each with its cells by column. */
function rowsOf(members, columns, shown) {
  const at = new Map(columns.map(({ device, check }, column) => [`${device} ${check}`, column]));
  const rows = new Map();
  for (const cell of members) {
    if (!rows.has(cell.target)) rows.set(cell.target, { target: cell.target, cells: [], worst: 9, bad: 0, some: false });
    const row = rows.get(cell.target);
    const column = at.get(`${cell.device} ${cell.check}`);
    if (column === undefined) continue;
    row.cells[column] = cell;
    if (!shown.has(cell)) continue;
    row.some = true;
    row.worst = Math.min(row.worst, RANK[cell.state]);
    row.bad += cell.state !== "pass";
  }
  const some = [...rows.values()].filter((row) => row.some);
  return chosen.order === "run" ? some : some.sort((a, b) => a.worst - b.worst || b.bad - a.bad);
}

function heads(columns) {
  const devices = element("tr", {}, element("th", { scope: "col", rowSpan: 2 }, "target"));
  const checks = element("tr", {});
  let before = null;
  columns.forEach(({ device, check }, at) => {
    const starts = before !== device;
    if (starts) {
      const span = columns.filter((one) => one.device === device).length;
      devices.append(element("th", { scope: "colgroup", colSpan: span, className: "starts" }, report.devices[device]));
    }
    checks.append(element("th", { scope: "col", className: starts ? "check starts" : "check" }, element("span", {}, report.checks[check])));
    columns[at].starts = starts;
    before = device;
  });
  return element("thead", {}, devices, checks);
}

function fill(body, rows, columns, shown, box) {
  let drawn = 0;
  const more = element("button", { type: "button", className: "more" });
  const draw = () => {
    const next = rows.slice(drawn, drawn + ROWS);
    body.append(...next.map((row, at) => drawRow(row, columns, shown, drawn + at)));
    drawn += next.length;
    more.textContent = `Show ${Math.min(ROWS, rows.length - drawn)} more of ${rows.length - drawn}`;
    more.hidden = drawn >= rows.length;
  };
  draw();
  if (drawn >= rows.length) return;
  more.addEventListener("click", draw);
  box.append(more);
  const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && draw(), { root: box, rootMargin: "200px" });
  watch.observe(more);
  body.addEventListener("focusin", (event) => event.target.closest("tr") === body.lastElementChild && !more.hidden && draw());
}

function drawRow(row, columns, shown, at) {
  const name = report.targets[row.target];
  const made = element("tr", { "aria-rowindex": at + 3 }, element("th", { scope: "row", title: name }, name));
  columns.forEach(({ starts }, column) => {
    const cell = row.cells[column];
    const td = made.insertCell();
    if (starts) td.className = "starts";
    if (cell) td.append(cellMark(cell, shown.has(cell)));
  });
  return made;
}

function cellMark(cell, isShown) {
  const button = document.createElement("button");
  const { letter, words } = STATES[cell.state];
  const found = cell.findings.length ? `, ${plural(cell.findings.length, "finding")}` : "";
  button.type = "button";
  button.tabIndex = -1;
  button.className = `mark ${cell.state} ${cell.virtual ? "virtual" : "real"}${isShown ? "" : " faint"}`;
  button.ariaLabel = `${words}: ${place(cell)}${found}`;
  button.dataset.cell = cell.at;
  button.textContent = letter;
  return button;
}
