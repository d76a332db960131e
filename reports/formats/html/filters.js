// What is to be seen. The choice is kept in the address, so that a link shows the same.

const SELECTS = { suite: "suites", device: "devices", check: "checks" };
const chosen = { states: new Set(), suite: "", device: "", check: "", order: "worst", text: "" };

/** The words of a finding that the text filter looks through. */
const findingWords = report.findings.map((one) =>
  [one.code, one.title, one.subject ?? "", ...one.messages].join("\n").toLowerCase(),
);

/** A test for cells, as the filters stand. */
function filter() {
  const wanted = Object.fromEntries(
    Object.entries(SELECTS).map(([name, list]) => [name, chosen[name] === "" ? -1 : report[list].indexOf(chosen[name])]),
  );
  const text = chosen.text.trim().toLowerCase();
  const has = (words) => words.toLowerCase().includes(text);
  const targets = text && report.targets.map(has);
  const findings = text && findingWords.map(has);
  return (cell) =>
    (chosen.states.size === 0 || chosen.states.has(cell.state)) &&
    Object.keys(SELECTS).every((name) => wanted[name] === -1 || wanted[name] === cell[name]) &&
    (!text || targets[cell.target] || cell.findings.some((one) => findings[one]));
}

function drawFilters(changed) {
  const form = document.getElementById("filters");
  const counts = {};
  for (const cell of cells) counts[cell.state] = (counts[cell.state] ?? 0) + 1;
  for (const [state, { letter, words }] of Object.entries(STATES)) {
    if (!counts[state]) continue;
    const box = element("input", { type: "checkbox", name: "state", value: state, checked: chosen.states.has(state) });
    const mark = element("span", { className: `mark ${state}`, "aria-hidden": "true" }, letter);
    document.getElementById("states").append(element("label", {}, box, mark, `${words} ${counts[state].toLocaleString("en")}`));
  }
  for (const [name, list] of Object.entries(SELECTS)) {
    const select = document.getElementById(name);
    select.append(element("option", { value: "" }, "all"));
    for (const one of report[list]) if (one !== "") select.append(element("option", { value: one }, one));
    select.value = chosen[name];
    select.parentElement.hidden = report[list].length < 2;
  }
  document.getElementById("order").value = chosen.order;
  document.getElementById("text").value = chosen.text;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    readForm(form);
    changed();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const box of form.querySelectorAll("[name=state]")) box.checked = false;
    for (const name of [...Object.keys(SELECTS), "text"]) document.getElementById(name).value = "";
    readForm(form);
    changed();
  });
}

function readForm(form) {
  chosen.states = new Set([...form.querySelectorAll("[name=state]:checked")].map((box) => box.value));
  for (const name of [...Object.keys(SELECTS), "order", "text"]) chosen[name] = document.getElementById(name).value;
  writeAddress();
}

function readAddress() {
  const words = new URLSearchParams(location.hash.slice(1));
  for (const state of words.getAll("state")) if (state in STATES) chosen.states.add(state);
  for (const [name, list] of Object.entries(SELECTS)) {
    if (report[list].includes(words.get(name))) chosen[name] = words.get(name);
  }
  if (words.get("order") === "run") chosen.order = "run";
  chosen.text = words.get("text") ?? "";
  if (["dark", "light"].includes(words.get("theme"))) document.documentElement.dataset.theme = words.get("theme");
}

function writeAddress() {
  const words = new URLSearchParams();
  for (const state of chosen.states) words.append("state", state);
  for (const name of [...Object.keys(SELECTS), "text"]) if (chosen[name]) words.set(name, chosen[name]);
  if (chosen.order !== "worst") words.set("order", chosen.order);
  if (document.documentElement.dataset.theme) words.set("theme", document.documentElement.dataset.theme);
  history.replaceState(null, "", `#${words}`);
}
