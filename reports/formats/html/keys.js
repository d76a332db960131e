// A matrix is one stop of the Tab key; inside it the arrows move.

function cellButton(row, column) {
  return row?.cells[column]?.querySelector("button") ?? null;
}

/** The next button from a place in a direction; places where nothing was run are passed over. */
function neighbour(td, rows, columns) {
  let [row, column] = [td.parentElement, td.cellIndex];
  for (;;) {
    if (rows) row = rows > 0 ? row.nextElementSibling : row.previousElementSibling;
    column += columns;
    if (!row || column < 1 || column >= row.cells.length) return null;
    const button = cellButton(row, column);
    if (button) return button;
  }
}

function edge(row, last) {
  const buttons = row?.querySelectorAll("button") ?? [];
  return buttons[last ? buttons.length - 1 : 0] ?? null;
}

function moveWithKeys(table) {
  table.addEventListener("keydown", (event) => {
    const td = event.target.closest("td");
    if (!td || event.altKey || event.metaKey) return;
    const row = event.ctrlKey ? null : td.parentElement;
    const body = td.closest("tbody");
    const to = {
      ArrowRight: () => neighbour(td, 0, 1),
      ArrowLeft: () => neighbour(td, 0, -1),
      ArrowDown: () => neighbour(td, 1, 0),
      ArrowUp: () => neighbour(td, -1, 0),
      Home: () => edge(row ?? body.firstElementChild, false),
      End: () => edge(row ?? body.lastElementChild, true),
    }[event.key]?.();
    if (to === undefined) return;
    event.preventDefault();
    if (to) focusCell(table, to);
  });
  table.addEventListener("focusin", (event) => {
    if (event.target.matches("td button")) focusCell(table, event.target);
  });
}

function focusCell(table, button) {
  for (const one of table.querySelectorAll('td button[tabindex="0"]')) one.tabIndex = -1;
  button.tabIndex = 0;
  if (document.activeElement !== button) button.focus();
}
