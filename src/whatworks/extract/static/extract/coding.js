// Keeps each item as it is answered, shows what applies next, and takes words selected in the report as a quote.
(() => {
  "use strict";
  const form = document.getElementById("answers");
  if (!form) return;
  let waiting = Promise.resolve();
  document.querySelectorAll(".scripted").forEach((one) => { one.hidden = false; });

  const field = (cell, name) => cell.querySelector(`[name="${CSS.escape(cell.dataset.name)}\\|${name}"]`);

  function shown(cell, error, words) {
    const said = cell.querySelector(".errorlist");
    said.textContent = error;
    said.hidden = !error;
    cell.querySelector(".kept").textContent = error ? "" : words;
  }

  function apply(told) {
    document.getElementById("filled").textContent = told.sentence;
    form.querySelectorAll(".cell").forEach((one) => { one.hidden = !told.applies[one.dataset.name]; });
    form.querySelectorAll(".part").forEach((part) => {
      const cells = [...part.querySelectorAll(".cell")];
      part.hidden = cells.length > 0 && cells.every((one) => one.hidden);
    });
  }

  async function send(cell) {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    cell.querySelectorAll("[name]").forEach((one) => {
      if ((one.type !== "radio" && one.type !== "checkbox") || one.checked) data.append(one.name, one.value);
    });
    try {
      const response = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      const told = await response.json();
      if (!response.ok) return shown(cell, told.error || form.dataset.lost, "");
      const name = cell.dataset.name;
      shown(cell, told.errors[name] || "", told.kept.includes(name) ? form.dataset.kept : told.back.includes(name) ? form.dataset.back : "");
      if (told.back.includes(name)) clear(cell);
      apply(told);
    } catch {
      shown(cell, form.dataset.unsent, "");
    }
  }

  function clear(cell) {
    field(cell, "status").value = "coded";
    cell.querySelectorAll(".value input, .value textarea, .value select").forEach((one) => {
      if (one.type === "radio" || one.type === "checkbox") one.checked = false;
      else one.value = "";
    });
  }

  const answered = (cell) => field(cell, "status").value !== "coded" || cell.querySelector(".kept").textContent !== "" ||
    [...cell.querySelectorAll(".value [name]")].some((one) => (one.type === "radio" || one.type === "checkbox") ? one.checked : one.value);
  const keep = (cell) => { waiting = waiting.then(() => send(cell)); };

  form.addEventListener("change", (event) => {
    const cell = event.target.closest(".cell");
    if (!cell) return;
    const status = field(cell, "status");
    if (event.target.closest(".value") && status.value !== "coded") status.value = "coded";
    if (event.target === status && ["not reported", "not applicable"].includes(status.value)) {
      const chosen = status.value;
      clear(cell);
      status.value = chosen;
    }
    if (answered(cell)) keep(cell);  // a place alone is no answer yet
  });
  window.quoting(form, ".cell", "item", (cell) => ({
    fold: cell.querySelector("details"),
    part: (name) => field(cell, name),
    taken: () => { if (answered(cell)) keep(cell); },
  }));
})();
