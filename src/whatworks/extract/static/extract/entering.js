// Shows what the numbers come to while they are typed, and the boxes of another sort of numbers when one is chosen.
(() => {
  "use strict";
  const form = document.getElementById("entering");
  const shown = document.getElementById("worked");
  if (!form || !shown) return;
  let timer = 0, asked = 0;

  async function work() {
    const mine = ++asked;
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Part": "worked" } });
      const text = await response.text();
      if (response.ok && mine === asked) shown.innerHTML = text;  // an answer that comes late is of numbers that are gone
    } catch { /* the button works without */ }
  }

  form.addEventListener("input", (event) => {
    if (event.target.name === "kind") return;
    clearTimeout(timer);
    timer = setTimeout(work, 300);
  });
  form.elements.kind.addEventListener("change", () => form.querySelector('button[value="boxes"]').click());

  const use = document.getElementById("use-quote");
  const reader = document.getElementById("reader");
  document.querySelectorAll(".scripted").forEach((one) => { one.hidden = false; });
  if (use) use.addEventListener("click", () => {
    let page = null, words = "";
    try {
      page = reader.contentDocument.querySelector("main[data-page]");
      words = reader.contentDocument.getSelection().toString().replace(/\s+/g, " ").trim();
    } catch { /* the browser's own reader of PDF files does not say what is selected */ }
    const said = document.getElementById("quote-said");
    if (!page || !words) { said.textContent = said.dataset.first; return; }
    form.elements.quote.value = words;
    form.elements.page.value = page.dataset.page;
    const report = form.elements.report;
    if ([...report.options].some((one) => one.value === page.dataset.report)) report.value = page.dataset.report;
    said.textContent = said.dataset.taken;
  });
})();
