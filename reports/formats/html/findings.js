// Each different finding once, the gravest first, as far as a cell that met it is shown.

const FINDINGS = 25, SEEN = 12;

function drawFindings(shown) {
  const box = document.getElementById("findings");
  const found = report.findings.filter((one) => one.cells.some((at) => shown.has(cells[at])));
  document.getElementById("findings-title").textContent = `Findings: ${found.length.toLocaleString("en")}`;
  box.replaceChildren();
  let drawn = 0;
  const more = element("button", { type: "button", className: "more" });
  const draw = () => {
    const next = found.slice(drawn, drawn + FINDINGS);
    more.before(...next.map((finding, at) => drawFinding(finding, shown, drawn + at === 0)));
    drawn += next.length;
    more.textContent = `Show ${Math.min(FINDINGS, found.length - drawn)} more of ${found.length - drawn}`;
    more.hidden = drawn >= found.length;
  };
  more.addEventListener("click", draw);
  box.append(more);
  draw();
  return found.length;
}

/** Closed but for the first; the body is made when it is opened. */
function drawFinding(finding, shown, isOpen) {
  const seen = finding.cells.map((at) => cells[at]).filter((cell) => shown.has(cell));
  const subject = finding.subject ? element("code", {}, finding.subject) : null;
  const count = element("span", { className: "note" }, ` ${plural(seen.length, "cell")}`);
  const made = element("details", { className: "finding" }, element("summary", {}, ...findingHead(finding), " ", subject, count));
  const fill = () => made.children.length === 1 && made.append(findingBody(finding, { wheres: seenIn(seen) }));
  made.addEventListener("toggle", fill);
  if (isOpen) {
    fill();
    made.open = true;
  }
  return made;
}

function seenIn(seen) {
  const list = element("ul", { className: "seen" });
  for (const cell of seen.slice(0, SEEN)) {
    const button = element("button", { type: "button", className: "link" }, place(cell));
    button.addEventListener("click", () => openCell(cell));
    list.append(element("li", {}, button));
  }
  if (seen.length > SEEN) list.append(element("li", { className: "note" }, `and ${seen.length - SEEN} more`));
  return list;
}
