"use strict";
// Sorts a table by the column whose heading is clicked.
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const heads = [...table.tHead.rows[0].cells];
  const worth = (cell) => {
    const text = cell.querySelector("time")?.dateTime ?? cell.textContent;
    const number = Number(cell.querySelector("data")?.value ?? (text.trim() || NaN));
    return Number.isNaN(number) ? text : number;
  };
  // Numbers come before text, such as that of an open end.
  const compare = (one, two) =>
    typeof one === typeof two ? Number(one > two) - Number(one < two) : typeof one === "number" ? -1 : 1;
  heads.forEach((head, column) => head.addEventListener("click", () => {
    const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    const rows = [...table.tBodies[0].rows].map((row) => [worth(row.children[column]), row]);
    rows.sort(([one], [two]) => sign * compare(one, two));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  }));
}
