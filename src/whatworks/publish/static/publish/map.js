// Arrow keys from square to square, and what a square holds beside the map. Without this file every square is a link.
(() => {
  "use strict";
  const grid = document.getElementById("grid");
  if (!grid) return;
  const words = grid.closest(".egm-box").dataset;  // what the dialog says; the map given away as one file has none
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const rows = [...grid.querySelectorAll("tbody tr")].filter((row) => row.querySelector("td"));

  const next = (link, [down, across]) => {
    const cell = link.closest("td");
    let row = rows.indexOf(cell.parentElement), column = cell.cellIndex;
    for (;;) {
      row += down;
      column += across;
      const at = rows[row] && rows[row].cells[column];
      if (!at) return null;
      const found = at.querySelector("a");
      if (found) return found;
    }
  };

  grid.addEventListener("keydown", (event) => {
    const link = event.target.closest("td a");
    if (!link || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    let found = null;
    if (steps[event.key]) found = next(link, steps[event.key]);
    else if (event.key === "Home") found = link.closest("tr").querySelector("td a");
    else if (event.key === "End") found = [...link.closest("tr").querySelectorAll("td a")].pop();
    else return;
    event.preventDefault();
    if (!found) return;
    found.focus();
    found.scrollIntoView({ block: "center", inline: "center" });
  });

  const dialog = document.createElement("dialog");
  if (!dialog.showModal || !location.protocol.startsWith("http") || !document.querySelector("a.brand")) return;
  dialog.className = "drill";
  dialog.setAttribute("aria-labelledby", "drill-title");
  document.body.append(dialog);

  const show = (page, address) => {
    const title = document.createElement("h2");
    title.id = "drill-title";
    title.textContent = page.querySelector("h1").textContent;
    const told = document.createElement("p");
    told.textContent = page.querySelector(".lead").textContent;
    const held = document.createElement("div");
    for (const child of page.getElementById("cell").children) if (!child.matches("h2")) held.append(document.importNode(child, true));
    const whole = document.createElement("a");
    whole.href = address;
    whole.textContent = words.whole;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = words.close;
    close.addEventListener("click", () => dialog.close());
    const head = document.createElement("header");
    head.append(title, close);
    const end = document.createElement("p");
    end.className = "pages";
    end.append(whole);
    dialog.replaceChildren(head, told, held, end);
    dialog.showModal();
  };

  grid.addEventListener("click", async (event) => {
    const link = event.target.closest("td a");
    if (!link || event.button || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) throw new Error(answer.status);
      show(new DOMParser().parseFromString(await answer.text(), "text/html"), link.href);
    } catch {
      location.assign(link.href);
    }
  });
})();
