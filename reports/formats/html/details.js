// What a cell or a finding has to tell.

/** A place in the source with the lines around it; the line that matters is marked by more than its colour. */
function excerpt(at) {
  const { place: spot, line, first, lines } = report.places[at];
  if (!lines) return element("code", {}, spot);
  const shown = lines.map((text, offset) => {
    const number = first + offset;
    const here = number === line;
    return element("span", { className: here ? "here" : "" }, `${here ? ">" : " "} ${String(number).padStart(4)}  ${text}\n`);
  });
  return element("div", {}, element("code", {}, spot), element("pre", { className: "source", tabIndex: 0 }, ...shown));
}

function row(word, ...content) {
  return [element("dt", {}, word), element("dd", {}, ...content)];
}

/** The parts of a finding as a list of terms, and the page of its code. */
function findingBody(finding, { wording, wheres }) {
  const rows = element("dl", {});
  if (finding.subject) rows.append(...row("subject", element("code", {}, finding.subject)));
  const own = finding.messages[wording];
  rows.append(...row("what", ...(own ? [own] : finding.messages).map((message) => element("p", {}, message))));
  if (finding.more && !own) rows.lastChild.append(element("p", { className: "note" }, `${finding.more} more wordings like it`));
  if (finding.hint) rows.append(...row("mend", element("code", {}, finding.hint)));
  if ("origin" in finding) rows.append(...row("made at", excerpt(finding.origin)));
  if ("use" in finding) rows.append(...row("used at", excerpt(finding.use)));
  if (finding.op) rows.append(...row("operator", element("code", {}, finding.op)));
  if (wheres) rows.append(...row("seen in", wheres));
  const page = report.pages[finding.code];
  return element("div", {}, rows, page ? explanation(finding.code, page) : null);
}

function explanation(code, page) {
  return element("details", { className: "page" }, element("summary", {}, `what ${code} means, and examples`), element("pre", {}, page));
}

function findingHead(finding) {
  return [
    element("span", { className: `severity ${finding.severity}` }, finding.severity),
    ` ${finding.code}${finding.title ? `: ${finding.title}` : ""}`,
  ];
}

function openCell(cell) {
  const dialog = document.getElementById("details");
  const { letter, words } = STATES[cell.state];
  const close = element("button", { type: "button", className: "close" }, "Close");
  close.addEventListener("click", () => dialog.close());
  const mark = element("span", { className: `mark ${cell.state}`, "aria-hidden": "true" }, letter);
  const facts = element("dl", {}, ...row("status", mark, ` ${words}`), ...row("device", report.devices[cell.device]));
  if (cell.reason) facts.append(...row("reason", element("p", {}, cell.reason)));
  facts.append(...row(cell.virtual ? "time (the CPU's)" : "time", cell.seconds));
  for (const [name, figure] of cell.measures) facts.append(...row(report.measures[name], figure));
  const found = cell.findings.map((at, index) => {
    const finding = report.findings[at];
    const body = findingBody(finding, { wording: cell.wordings[index] });
    return element("article", {}, element("h3", {}, ...findingHead(finding)), body);
  });
  dialog.replaceChildren(
    element("div", { className: "title" }, element("h2", { id: "details-title" }, place(cell)), close),
    facts,
    ...(found.length ? found : [element("p", { className: "note" }, "No findings.")]),
  );
  dialog.showModal();
  dialog.scrollTop = 0;
}
