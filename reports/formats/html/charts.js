// The lines of the charts follow the filters, as far as they are about what is filtered: times are of a device and a check.

function drawCharts() {
  const text = chosen.text.trim().toLowerCase();
  for (const line of document.querySelectorAll(".chart li[data-device]")) {
    const of = line.dataset;
    const isOther = Object.keys(SELECTS).some((name) => chosen[name] && name in of && of[name] !== chosen[name]);
    line.hidden = isOther || (text !== "" && "target" in of && !of.target.toLowerCase().includes(text));
  }
}
