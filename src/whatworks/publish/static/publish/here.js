// In a copy of the site without a server: begins a result at another starting point, from the numbers in the page.
// The same sums as publish/methods/starting.py; a test compares them for every starting point.
const LOGISTIC = Math.PI / Math.sqrt(3);
const STANDARDISED = ["SMD", "SMDH", "D", "G", "d", "g"];
const whole = (value) => Math.floor(Math.abs(value) + 0.5 + 1e-9);

function riskAfter(baseline, effect, metric) {
  if (["RR", "IRR", "HR"].includes(metric)) return Math.min(baseline * Math.exp(effect), 1);
  const moved = STANDARDISED.includes(metric) ? effect * LOGISTIC : effect;
  const odds = (baseline / (1 - baseline)) * Math.exp(moved);
  return odds / (1 + odds);
}

function begun(start, usual) {
  const own = Math.min(Math.max(whole(100 * start.baseline), 1), 99);
  const baseline = usual === own && start.baseline > 0 && start.baseline < 1 ? start.baseline : usual / 100;
  const [after, ...ends] = ["estimate", "low", "high"].map((name) => whole(100 * riskAfter(baseline, start[name], start.metric)));
  return { usual, after, low: Math.min(...ends), high: Math.max(...ends) };
}

function made(name, attributes = {}, ...children) {
  const node = Object.assign(document.createElement(name), attributes);
  node.append(...children);
  return node;
}

function field(id, label, control) {
  return made("div", { className: "field" }, made("label", { htmlFor: id, textContent: label }), Object.assign(control, { id }));
}

for (const box of document.querySelectorAll("[data-start]")) {
  const words = box.dataset;
  const starts = JSON.parse(words.start);
  const which = made("select", {}, ...starts.map((one) => made("option", { value: one.key, textContent: one.name })));
  const usual = made("input", { inputMode: "numeric", autocomplete: "off", maxLength: 20 });
  const told = made("p", { className: "answer" });
  told.setAttribute("role", "status");
  const fields = [field("start-start", words.which, which), field("start-usual", words.usual, usual)];
  const form = made("form", {}, made("div", { className: "fields" }, ...fields, made("button", { textContent: words.button })));
  box.append(form, told);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = usual.value.trim().replace(/ of 100$/, "").replace(/%$/, "").trim();
    const number = /^[0-9]{1,9}$/.test(typed) ? Number(typed) : 0;
    const wrong = number < 1 || number > 99;
    if (wrong) usual.setAttribute("aria-invalid", "true");
    else usual.removeAttribute("aria-invalid");
    const start = starts.find((one) => one.key === which.value);
    const point = wrong ? {} : { happened: start.happened, ...begun(start, number) };
    told.textContent = wrong ? words.problem : words.sentence.replace(/\{(\w+)\}/g, (_, name) => point[name]);
  });
}
