// Screening with single keys. The next record is in the page already, so it is there at once; what was decided is kept
// in the browser and sent behind it. Without this script the same buttons send the same form.
import { Kept, Sender, Stopped } from "./sending.js";

const UNREAD = 350;  // milliseconds: nobody has read a title before; a key pressed twice decides once
const PLAIN = { i: "include", e: "exclude", m: "maybe", u: "undo", n: "write", s: "skip", ArrowRight: "skip", h: "marks" };

const page = document.getElementById("screening");
const { who, review, here, at } = page.dataset;
const full = "full" in page.dataset;
const says = JSON.parse(page.dataset.says);  // every sentence, in the language of the centre
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const many = ({ forms, of }, n) => fill(forms[of[n < of.length ? n : of.length - 100 + (n % 100)]], { n });
const titled = (words, record) => fill(words, { title: record.node.dataset.title });
const now = document.getElementById("now");
const said = document.getElementById("said");
const unsent = document.getElementById("unsent");
const kept = new Kept(who, review);
const done = [];  // decided on in this page, with what is needed to show them again
let token = document.querySelector("[name=csrfmiddlewaretoken]").value;
let line = [];  // records that are here, the one on the screen first: { candidate, node }
let empty = "";  // what the server says where there is none
let ahead = 2;
let since = 0;
let read = 0;  // milliseconds on the screen before the page was last hidden
let shownAt = 0;
let choosing = false;
let on = stored("keys") !== "off";

function stored(name, value) {
  try {
    if (value !== undefined) { localStorage.setItem(name, value); }
    return localStorage.getItem(name);
  } catch { return null; }
}

const tell = (words) => { said.textContent = ""; requestAnimationFrame(() => { said.textContent = words; }); };
const taken = (node) => ({ candidate: node.dataset.candidate, node });
const made = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;  // our own template, escaped where it is made
  return taken(holder.content.firstElementChild);
};

// Candidates that this browser has decided on or put aside, of which the server has not heard yet.
function pending() {
  const last = new Map();
  for (const item of kept.waiting()) { last.set(item.candidate, item.kind); }
  return [...last].filter(([, kind]) => kind === "say" || kind === "skip").map(([candidate]) => candidate);
}

function show({ focus = true } = {}) {
  const next = line[0];
  if (next) { now.replaceChildren(next.node); } else { now.replaceChildren(nothing()); }
  shownAt = since = performance.now();
  read = 0;
  choosing = false;
  document.body.classList.toggle("deciding-now", Boolean(next));
  if (!focus) { return; }
  const heading = now.querySelector("h2, #none");
  if (heading) { heading.focus({ preventScroll: true }); }
  if (now.getBoundingClientRect().top < 0) { page.scrollIntoView({ block: "start" }); }
}

function nothing() {
  const words = document.createElement("p");
  words.id = "none";
  words.tabIndex = -1;
  words.className = "absent";
  words.textContent = empty || (sender.state ? says["no-more"] : says.moment);
  return words;
}

function seconds() {
  return ((read + (document.hidden ? 0 : performance.now() - since)) / 1000).toFixed(1);
}

function leave(item, words) {
  const gone = line.shift();
  if (item.kind === "say") { done.push({ ...gone, title: gone.node.dataset.title }); }
  kept.add({ ...item, candidate: gone.candidate, at, here, title: gone.node.dataset.title.slice(0, 120) });
  show();
  tell(line[0] ? `${words} ${titled(says.next, line[0])}` : words);
  requestAnimationFrame(() => setTimeout(() => performance.measure("next-record", { start: asked, end: performance.now() })));
  changed();
  sender.run();
}

function decide(decision) {
  const record = line[0];
  if (!record) { return; }
  const reason = record.node.querySelector("[name=reason]:checked")?.value || "";
  if (decision === "exclude" && full && !reason && record.node.querySelector("[name=reason]")) {
    choosing = true;
    record.node.querySelector("[name=reason]").focus();
    tell(says.choose);
    return;
  }
  const note = record.node.querySelector("[name=note]").value.trim();
  leave({ kind: "say", decision, reason: decision === "exclude" ? reason : "", note, seconds: seconds() }, says[decision]);
}

function undo(which) {
  const candidate = which || done.at(-1)?.candidate || document.querySelector("#undo [name=which]")?.value;
  if (!candidate) {
    tell(says.nothing);
    return;
  }
  const mine = done.findLastIndex((one) => one.candidate === candidate);
  const back = mine >= 0 ? done.splice(mine, 1)[0] : null;
  const items = kept.waiting().filter((item) => item.candidate === candidate);
  const last = items.at(-1);
  if (last && last.kind === "say" && !last.tried) {
    kept.drop(last);
    if (!back) { refresh(candidate); }
  } else {
    kept.add({ kind: "undo", candidate, at, here, title: back?.title.slice(0, 120) || "" });
  }
  if (back) {
    line = [{ candidate, node: back.node }, ...line.filter((one) => one.candidate !== candidate)];
    show();
    tell(titled(says.again, back));
  }
  changed();
  sender.run();
}

function note() {
  const field = line[0]?.node.querySelector("[name=note]");
  if (!field || !field.value.trim()) {
    tell(says.write);
    return;
  }
  kept.add({ kind: "note", candidate: line[0].candidate, note: field.value.trim(), at, here, title: line[0].node.dataset.title.slice(0, 120) });
  field.value = "";
  tell(says.noted);
  now.querySelector("h2").focus();
  changed();
  sender.run();
}

// What the server says: which records are held for this person, how far they are, what they can take back.
function took(item, found) {
  if (found.what === "refused") {
    tell(fill(says.refused, found.told));
    refresh();
    return;
  }
  take(found.told, item && item.kind === "undo" ? item.candidate : "");
}

function take(told, wanted) {
  const before = line[0];
  const known = new Map(line.map((one) => [one.candidate, one]));
  const aside = new Set(pending());
  const order = told.order.filter((candidate) => !aside.has(candidate));
  const fresh = order.map((candidate) => (told.records[candidate] ? made(told.records[candidate]) : known.get(candidate)));
  const first = before && (!wanted || before.candidate === wanted) ? [before] : [];
  line = [...first, ...fresh.filter((one) => one && one.candidate !== first[0]?.candidate)];
  empty = told.empty;
  document.getElementById("progress").textContent = told.progress.words;
  const list = document.getElementById("undo");
  const focused = list.contains(document.activeElement);
  list.innerHTML = told.undoable;
  if (before !== line[0]) {
    show();
    if (line[0]) { tell(`${wanted ? `${says.back} ` : ""}${titled(says.next, line[0])}`); }
  } else if (focused) {
    now.querySelector("h2, #none")?.focus({ preventScroll: true });
  } else if (!line.length) {
    show({ focus: document.activeElement?.id === "none" });
  }
}

async function ask(first = "") {
  const query = new URLSearchParams({ ahead, without: pending().join(","), have: line.map((one) => one.candidate).join(","), first });
  const response = await fetch(`${here}next/?${query}`, { headers: { Accept: "application/json" }, redirect: "manual" });
  if (response.type === "opaqueredirect") { throw new Stopped("out"); }
  if (response.status === 403) { throw new Stopped("shut"); }
  if (!response.ok) { throw new Stopped("later"); }
  const told = await response.json();
  if (told.user !== who) { throw new Stopped("other"); }
  token = told.token;
  return told;
}

async function refresh(first = "") {
  try {
    take(await ask(first), first);
  } catch { /* the next answer brings it */ }
}

const sender = new Sender(kept, {
  here,
  token: () => token,
  renew: ask,
  told: took,
  missed: () => refresh(),
  changed,
  body: ({ key, candidate, kind, decision = "", reason = "", note: words = "", seconds: time = "" }) => ({
    key, candidate, which: kind === "undo" ? candidate : "", decision, reason, note: words, seconds: time, who, ahead,
    without: pending().join(","), have: line.map((one) => one.candidate).join(","),
  }),
});

function element(name, words, more = {}) {
  return Object.assign(document.createElement(name), { textContent: words, ...more });
}

// A plain warning while anything is kept here that cannot be sent, and what was refused until it is dealt with.
function changed() {
  const waiting = kept.waiting().filter((item) => item.kind !== "skip");
  const parts = [];
  const troubled = waiting.length && sender.state;
  if (troubled) {
    const known = ["out", "other", "shut"].includes(sender.state);
    const why = known ? says[sender.state] : navigator.onLine ? says.silent : says.offline;
    parts.push(element("p", `${why} ${many(says.waiting, waiting.length)}`));
    if (sender.state === "out" || sender.state === "other") {
      parts.push(element("a", says["sign-in"], { href: `${page.dataset.wayIn}?next=${encodeURIComponent(here)}`, className: "button" }));
    }
    if (!kept.lasting) { parts.push(element("p", says.lasting)); }
  }
  for (const item of kept.refused()) { parts.push(refusal(item)); }
  const words = parts.length ? parts[0].textContent : "";
  if (troubled && unsent.hidden) { tell(words); }
  if (!parts.length && !unsent.hidden) { tell(says.sent); }
  unsent.hidden = !parts.length;
  const same = parts.map((one) => one.textContent).join() === [...unsent.children].map((one) => one.textContent).join();
  if (!same) { unsent.replaceChildren(...parts); }  // whoever is on one of its buttons stays there
}

function refusal(item) {
  const what = says.kinds[item.kind === "say" ? item.decision : item.kind];
  const box = element("div", "", { className: "refused" });
  const again = element("button", says.look, { type: "button", className: "second" });
  again.addEventListener("click", async () => {
    try {
      const told = await ask(item.candidate);
      kept.drop(item);
      take(told, item.candidate);
    } catch {
      tell(says["not-now"]);
    }
    changed();
  });
  const away = element("button", says["let-go"], { type: "button", className: "second" });
  away.addEventListener("click", () => {
    kept.drop(item);
    changed();
    now.querySelector("h2, #none")?.focus();
  });
  const told = fill(says[item.title ? "refused-of" : "refused-what"], { what, title: item.title, error: item.refused });
  box.append(element("p", told), again, away);
  return box;
}

function choose(number) {
  const field = line[0]?.node.querySelectorAll("[name=reason]")[number - 1];
  if (!field) { return; }
  const fold = field.closest("details");
  if (fold) { fold.open = true; }
  field.checked = true;
  if (choosing) { decide("exclude"); } else { tell(fill(says.reason, { reason: field.value })); }
}

function write() {
  const fold = line[0]?.node.querySelector(".note");
  if (!fold) { return; }
  fold.open = true;
  fold.querySelector("textarea").focus();
}

function marks(flag) {
  page.classList.toggle("unmarked", !flag);
  document.getElementById("marks").checked = flag;
}

let asked = 0;
function act(what, at = performance.now()) {
  asked = at;
  if (what === "undo") { undo(); return; }
  if (what === "write") { write(); return; }
  if (what === "marks") { marks(page.classList.contains("unmarked")); return; }
  if (what === "note") { note(); return; }
  if (asked - shownAt < UNREAD || !line.length) { return; }
  if (what === "skip") { leave({ kind: "skip" }, says.skip); return; }
  decide(what);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest(".note textarea")) {
    now.querySelector("h2")?.focus();
    return;
  }
  const typing = event.target.closest("select, textarea, input:not([type=radio], [type=checkbox])");
  const radio = event.target.closest("[type=radio]");
  if (radio && event.key === "Enter") { event.preventDefault(); }
  if (!on || typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) { return; }
  if (radio && event.key.startsWith("Arrow")) { return; }
  if (/^[1-9]$/.test(event.key)) {
    choose(Number(event.key));
    return;
  }
  const what = PLAIN[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!what) { return; }
  event.preventDefault();
  act(what, event.timeStamp);
});

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || button.name !== "decision" || !event.target.closest("#screening")) { return; }
  event.preventDefault();
  const which = event.target.querySelector("[name=which]");
  if (which) { undo(which.value); } else { act(button.value); }
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) { read += performance.now() - since; } else { since = performance.now(); }
});
addEventListener("pageshow", (event) => { if (event.persisted) { refresh(); } });
document.getElementById("marks").addEventListener("change", (event) => marks(event.target.checked));

function switches() {
  const keys = document.getElementById("keys");
  const fetching = document.getElementById("ahead");
  const tellKeys = () => {
    keys.textContent = on ? says["keys-on"] : says["keys-off"];
    keys.setAttribute("aria-pressed", String(on));
    document.body.classList.toggle("keyless", !on);
  };
  keys.addEventListener("click", () => {
    on = !on;
    stored("keys", on ? "on" : "off");
    tellKeys();
  });
  fetching.addEventListener("click", async () => {
    ahead = ahead === 2 ? 10 : 2;
    fetching.setAttribute("aria-pressed", String(ahead > 2));
    if (ahead > 2) {
      await refresh();
      tell(many(says.here, line.length));
    }
    fetching.textContent = ahead > 2 ? many(says["no-more-ahead"], line.length) : says.ahead;
  });
  document.querySelector(".scripted").hidden = false;
  tellKeys();
}

// What was decided before the page was closed is sent now; the records that the server put into the page wait behind it.
function begin() {
  const first = now.querySelector(".record");
  const others = [...document.querySelectorAll("template.next")].map((one) => one.content.firstElementChild);
  const aside = new Set(pending());
  line = [first, ...others].filter(Boolean).map(taken).filter((one) => !aside.has(one.candidate));
  empty = first || aside.size ? "" : now.textContent.trim();
  if (first && line[0]?.node === first) {
    document.body.classList.add("deciding-now");
    shownAt = since = performance.now();
  } else if (first) {
    show({ focus: false });
  }
  switches();
  changed();
  sender.run().then(() => { if (aside.size) { refresh(); } });
}
begin();
