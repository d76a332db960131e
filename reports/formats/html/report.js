"use strict";
// The report of the page, and elements made from it. Words become text nodes, never markup.

const report = JSON.parse(document.getElementById("data").textContent);

// What a cell shows, the worst first: its letter, and the words for it. The shape is the style's.
const STATES = {
  error: { letter: "E", words: "broke" },
  fail: { letter: "F", words: "fail" },
  "not-checked": { letter: "N", words: "not checked" },
  warned: { letter: "W", words: "pass with warnings" },
  pass: { letter: "P", words: "pass" },
};
const RANK = Object.fromEntries(Object.keys(STATES).map((state, at) => [state, at]));

const cells = report.cells.map(([suite, target, device, check, status, reason, seconds, found, measures], at) => {
  const findings = found.map(([finding]) => finding);
  const graves = findings.some((one) => report.findings[one].severity !== "note");
  const ended = report.statuses[status];
  return {
    at, suite, target, device, check, seconds, findings, measures,
    // Which wording of each finding is this cell's own.
    wordings: found.map(([, wording]) => wording),
    state: ended === "pass" && graves ? "warned" : ended,
    reason: report.reasons[reason],
    virtual: report.devices[device].endsWith("(virtual)"),
  };
});

/** An element: its properties, and children that are elements or words. */
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** `math: rope on cuda:0 (virtual), forward` */
function place(cell) {
  const suite = report.suites[cell.suite];
  return `${suite ? `${suite}: ` : ""}${report.targets[cell.target]} on ${report.devices[cell.device]}, ${report.checks[cell.check]}`;
}

function plural(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
