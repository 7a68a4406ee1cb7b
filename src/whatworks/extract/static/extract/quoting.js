// Takes words selected in the report beside a form as a quote: what is selected, its page, and its report.
// `asked` names what somebody must be at first; what is said of it all stands in the page, in the language of the centre.
window.quoting = (form, within, asked, parts) => {
  "use strict";
  const use = document.getElementById("use-quote");
  const reader = document.getElementById("reader");
  const said = document.getElementById("quote-said");
  let current = null;

  form.addEventListener("focusin", (event) => {
    const at = event.target.closest(within);
    if (!at || at === current) return;
    if (current) current.classList.remove("current");
    current = at;
    current.classList.add("current");
  });

  if (use) use.addEventListener("click", () => {
    let page = null, words = "";
    try {
      page = reader.contentDocument.querySelector("main[data-page]");
      words = reader.contentDocument.getSelection().toString().replace(/\s+/g, " ").trim();
    } catch { /* the browser's own reader of PDF files does not say what is selected */ }
    if (!page || !page.dataset.page) { said.textContent = said.dataset.none; return; }
    if (!current) { said.textContent = said.dataset[asked]; return; }
    const { fold, part, taken } = parts(current);
    fold.open = true;
    if (words) part("quote").value = words;
    part("page").value = page.dataset.page;
    const report = part("report");
    if (report && report.options && [...report.options].some((one) => one.value === page.dataset.report)) report.value = page.dataset.report;
    said.textContent = words ? said.dataset.taken : said.dataset.noted.replace("{page}", page.dataset.page);
    if (taken) taken();
  });
};
