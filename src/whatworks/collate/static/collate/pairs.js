// Deciding on pairs with single keys. The next pair is in the page already, so it is there at once; the decision is sent
// behind it, one after the other. Without this script the same buttons send the same form. What it says stands in the page.
"use strict";

const keyed = { s: "same", ArrowLeft: "same", d: "different", ArrowRight: "different", l: "linked", n: "skip", u: "undo" };
const said = document.getElementById("said");
const switched = document.getElementById("keys");
let sending = Promise.resolve();
const pending = new Set();  // pairs decided on, of which the server has not heard yet
let on = localStorage.getItem("keys") !== "off";

const now = () => document.getElementById("now");
const shown = () => now().querySelector(".pair");
const tell = (words) => { said.textContent = ""; requestAnimationFrame(() => { said.textContent = words; }); };

function look() {
  const heading = now().querySelector(".pair > h2, #none");
  if (heading) { heading.focus({ preventScroll: true }); }
  const page = document.querySelector(".sitting");
  if (page.getBoundingClientRect().top < 0) { page.scrollIntoView({ block: "start" }); }
}

function send(fields) {
  const body = new URLSearchParams(fields);
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  return fetch(location.href, { method: "POST", body, headers: { "X-Requested-With": "pairs" }, redirect: "error" });
}

// What the server answers: how far it is, what can be undone, the pair after this one; and this one, where it is another.
function take(text, expected) {
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("pairs");
  if (!fresh) { throw new Error("no pairs"); }
  overtake(fresh);
  const theirs = fresh.querySelector("#now .pair");
  const ours = shown();
  const stay = expected && ours && theirs && ours.dataset.pair === theirs.dataset.pair;
  const active = now().contains(document.activeElement) ? document.activeElement : null;
  if (stay) { fresh.querySelector("#now").replaceWith(now()); }
  document.getElementById("pairs").replaceWith(fresh);
  if (!stay) { look(); } else if (active) { active.focus({ preventScroll: true }); }
  return fresh.dataset.said;
}

// Whoever is quicker than the line has decided on the pair that the server still shows: then the one after it is shown.
function overtake(fresh) {
  const place = fresh.querySelector("#now");
  const theirs = place.querySelector(".pair");
  if (!theirs || !pending.has(theirs.dataset.pair)) { return; }
  const next = fresh.querySelector("#next");
  if (next && !pending.has(next.content.firstElementChild.dataset.pair)) {
    place.replaceChildren(next.content.firstElementChild.cloneNode(true));
    next.remove();
  } else {
    place.replaceChildren(moment());
  }
}

function moment() {
  const none = document.createElement("p");
  none.id = "none";
  none.tabIndex = -1;
  none.className = "absent";
  none.textContent = said.dataset.moment;
  return none;
}

function decide(fields) {
  const next = document.getElementById("next");
  const forward = fields.decision !== "undo";
  let expected = "";
  if (forward && next) {
    const article = next.content.firstElementChild.cloneNode(true);
    expected = article.dataset.pair;
    now().replaceChildren(article);
    next.remove();
    look();
  } else if (forward) {
    now().replaceChildren(moment());
    look();
  }
  if (fields.pair) { pending.add(fields.pair); }
  sending = sending.then(async () => {
    const here = shown();
    const response = await send({ ...fields, shown: here ? here.dataset.pair : "" });
    pending.delete(fields.pair);
    const words = take(await response.text(), Boolean(expected));
    const title = shown() ? said.dataset.next.replace("{title}", () => shown().dataset.title) : "";
    tell([words, title].join(" ").trim());
  }).catch(() => {
    tell(said.dataset.lost);
    location.reload();
  });
}

function ask(what) {
  if (what === "undo") {
    decide({ decision: "undo" });
    return;
  }
  const pair = shown();
  if (pair) { decide({ decision: what, pair: pair.dataset.pair, seen: pair.querySelector("[name=seen]").value }); }
}

document.addEventListener("keydown", (event) => {
  if (!on || event.ctrlKey || event.metaKey || event.altKey || event.repeat) { return; }
  if (event.target.closest("input, select, textarea, summary")) { return; }
  const what = keyed[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!what) { return; }
  event.preventDefault();
  ask(what);
});

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || button.name !== "decision" || !event.target.closest("#pairs")) { return; }
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(event.target));
  decide({ ...fields, decision: button.value });
});

function show() {
  switched.textContent = on ? said.dataset.on : said.dataset.off;
  switched.setAttribute("aria-pressed", String(on));
  document.body.classList.toggle("keyless", !on);
}
switched.addEventListener("click", () => {
  on = !on;
  localStorage.setItem("keys", on ? "on" : "off");
  show();
});
document.querySelector(".keys").hidden = false;
show();
