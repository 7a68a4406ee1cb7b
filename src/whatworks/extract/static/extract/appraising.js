// Takes words selected in the report as the quote that supports the answer or judgement one was at last.
(() => {
  "use strict";
  const form = document.querySelector("form.judging");
  if (!form || !document.getElementById("use-quote")) return;
  document.querySelectorAll(".scripted").forEach((one) => { one.hidden = false; });
  window.quoting(form, "fieldset.question, .settling", "question", (current) => {
    const support = current.querySelector("details.support");
    return { fold: support, part: (name) => support.querySelector(`[name^="${name}-"]`) };
  });
})();
