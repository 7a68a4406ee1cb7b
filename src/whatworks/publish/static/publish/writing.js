// Checks a text while it is written, finds numbers to insert, and goes to the place that a sentence is about.
(() => {
  "use strict";
  const WAIT = 700;

  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

  function goTo(area, line, column, length) {
    const before = area.value.split("\n").slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    area.focus();
    area.setSelectionRange(before + column - 1, before + column - 1 + length);
  }

  function insert(area, words) {
    const [start, end] = [area.selectionStart, area.selectionEnd];
    area.setRangeText(words, start, end, "end");
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function unhide(box, selector) { box.querySelectorAll(selector).forEach((one) => { one.hidden = false; }); }

  function dress(field) {
    const area = field.querySelector("textarea"), looked = field.querySelector(".looked");
    const said = field.querySelector("[role=status]"), box = field.querySelector(".numbers-box");
    const link = field.querySelector(".numbers-link");
    if (!area || !looked) return;
    let timer = 0, asked = 0;

    async function check() {
      const mine = ++asked, body = new FormData();
      body.set("text", area.value);
      const sources = area.form && area.form.elements.sources;
      body.set("sourced", sources && !sources.value.trim() ? "no" : "yes");
      body.set("csrfmiddlewaretoken", token());
      if (!area.value.trim()) { looked.replaceChildren(); return; }
      try {
        const response = await fetch(field.dataset.check, { method: "POST", body });
        const text = await response.text();
        if (!response.ok || mine !== asked) return;  // an answer that comes late is about words that are gone
        const open = looked.querySelector("details")?.open;
        looked.innerHTML = text;
        if (open) looked.querySelector("details")?.setAttribute("open", "");
        unhide(looked, ".place");
        said.textContent = looked.querySelector(".review")?.dataset.said || "";
      } catch { /* the Check button works without */ }
    }

    area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(check, WAIT); });
    looked.addEventListener("click", (event) => {
      const place = event.target.closest(".place");
      if (place) goTo(area, Number(place.dataset.line), Number(place.dataset.column), Number(place.dataset.length));
    });
    unhide(looked, ".place");

    const find = box && box.querySelector("input"), found = box && box.querySelector(".found");
    let finding = 0, sought = 0;
    async function look() {
      const mine = ++sought, address = new URL(field.dataset.numbers, location.href);
      address.searchParams.set("q", find.value);
      try {
        const response = await fetch(address, { headers: { "X-Part": "numbers" } });
        const text = await response.text();
        if (!response.ok || mine !== sought) return;
        found.innerHTML = text;
        unhide(found, ".insert");
      } catch { /* the page of numbers works without */ }
    }
    if (!box || !link) return;
    link.setAttribute("role", "button");
    link.setAttribute("aria-expanded", "false");
    link.removeAttribute("target");
    link.querySelector(".hidden")?.remove();
    link.addEventListener("click", (event) => {
      event.preventDefault();
      box.hidden = !box.hidden;
      link.setAttribute("aria-expanded", String(!box.hidden));
      if (!box.hidden) { find.focus(); look(); }
    });
    link.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); link.click(); } });
    find.addEventListener("input", () => { clearTimeout(finding); finding = setTimeout(look, 250); });
    find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); look(); }
      if (event.key === "Escape") { box.hidden = true; link.setAttribute("aria-expanded", "false"); link.focus(); }
    });
    found.addEventListener("click", (event) => {
      const button = event.target.closest(".insert");
      if (button) insert(area, button.dataset.insert);
    });
  }

  document.querySelectorAll(".writing").forEach(dress);
})();
