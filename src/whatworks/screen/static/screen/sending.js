// What a person decided and the server has not confirmed: kept in this browser until it has, sent one after the other.
// Each lies under a name of its own, so that two tabs never overwrite each other's; the server knows each by its key, so
// that sending one twice is one decision.
const SHORTEST = 1000;  // milliseconds before another attempt; twice as long each time
const LONGEST = 30000;
const PATIENCE = 15000;  // after which an answer is no longer waited for

const memory = new Map();  // where the browser keeps nothing
export class Stopped extends Error {}  // its message is the state in which nothing can be sent
const wait = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

export function freshKey() {
  if (crypto.randomUUID) { return crypto.randomUUID(); }  // not there without https
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Kept {
  constructor(who, review) {
    this.prefix = `screening:${who}:${review}:`;
    this.lasting = true;
    this.number = 0;
    this.mine = new Set();  // added in this tab, and not known to be dealt with
  }

  put(item) {
    memory.set(item.name, item);
    try {
      localStorage.setItem(item.name, JSON.stringify(item));
    } catch {
      this.lasting = false;
    }
  }

  add(item) {
    this.number += 1;
    const place = `${String(Date.now()).padStart(15, "0")}-${String(this.number).padStart(6, "0")}`;
    const made = { ...item, key: freshKey(), tried: false, refused: "" };
    made.name = `${this.prefix}${place}-${made.key}`;
    this.mine.add(made.name);
    this.put(made);
    return made;
  }

  drop(item) {
    this.mine.delete(item.name);
    memory.delete(item.name);
    try { localStorage.removeItem(item.name); } catch { this.lasting = false; }
  }

  // Oldest first. What another tab has sent is gone from the browser's store, and so from here.
  all() {
    let names = [];
    try {
      names = Object.keys(localStorage).filter((name) => name.startsWith(this.prefix));
    } catch {
      this.lasting = false;
    }
    if (!this.lasting) { names = [...new Set([...names, ...memory.keys()])]; }
    const found = [];
    for (const name of names.sort()) {
      try {
        const item = JSON.parse(localStorage.getItem(name)) || memory.get(name);
        if (item) { found.push(item); }
      } catch {
        if (memory.has(name)) { found.push(memory.get(name)); }
      }
    }
    return found;
  }

  // Whether another tab has sent something of this one: then its answer, with the next records, went there.
  elsewhere() {
    const here = new Set(this.all().map((item) => item.name));
    const gone = [...this.mine].filter((name) => !here.has(name));
    for (const name of gone) { this.mine.delete(name); memory.delete(name); }
    return gone.length > 0;
  }

  waiting() { return this.all().filter((item) => !item.refused); }
  refused() { return this.all().filter((item) => item.refused); }
}

// What came of one request: "done", "refused", "later" (try again), "out" (signed out) or "other" (somebody else is in).
async function outcome(response) {
  if (response.type === "opaqueredirect") { return { what: "out" }; }
  const json = (response.headers.get("Content-Type") || "").startsWith("application/json");
  const told = json ? await response.json() : null;
  if (response.ok && told) { return { what: "done", told }; }
  if (told && told.other) { return { what: "other", told }; }
  if (told && told.error && response.status < 500 && ![408, 425, 429].includes(response.status)) {
    return { what: "refused", told };
  }
  return { what: response.status === 403 ? "token" : "later" };
}

export class Sender {
  // `token` gives the token to send, `body` the rest of a request; `told` hears every answer, `changed` every change,
  // `missed` that another tab heard an answer.
  constructor(kept, { here, token, renew, body, told, changed, missed }) {
    Object.assign(this, { kept, here, token, renew, body, told, changed, missed });
    this.state = "";
    this.failures = 0;
    this.running = false;
    this.woken = () => {};
    addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { this.wake(); } });
    addEventListener("storage", (event) => {
      if (event.key && !event.key.startsWith(this.kept.prefix)) { return; }
      if (!this.kept.waiting().length) { this.state = ""; }
      if (this.kept.elsewhere()) { this.missed(); }
      this.changed();
    });
  }

  wake() {
    this.woken();
    this.run();
  }

  async run() {
    if (this.running) { return; }
    this.running = true;
    try {
      while (this.kept.waiting().length) {
        await this.alone(() => this.one());
        if (this.state) { await this.pause(); }
      }
    } finally {
      this.running = false;
      if (this.kept.elsewhere()) { this.missed(); }
      this.changed();
    }
  }

  // One tab at a time, where the browser has locks; elsewhere the server makes two of the same one.
  alone(work) {
    return navigator.locks ? navigator.locks.request(this.kept.prefix, work) : work();
  }

  async pause() {
    const length = Math.min(SHORTEST * 2 ** (this.failures - 1), LONGEST) * (0.8 + 0.4 * Math.random());
    await Promise.race([wait(length), new Promise((done) => { this.woken = done; })]);
    this.woken = () => {};
  }

  async one() {
    const item = this.kept.waiting()[0];
    if (!item) { return; }
    item.tried = true;
    this.kept.put(item);
    let found = { what: "later" };
    try {
      found = await this.post(item);
      if (found.what === "token") {
        await this.renew();
        found = await this.post(item);
      }
    } catch (error) {  // no connection, or no answer in time: it is tried again
      found = { what: error instanceof Stopped ? error.message : "later" };
    }
    this.took(item, found.what === "token" ? { what: "later" } : found);
  }

  async post(item) {
    const body = new URLSearchParams({ ...this.body(item), csrfmiddlewaretoken: this.token() });
    const address = `${item.here || this.here}${item.kind}/`;
    const headers = { Accept: "application/json" };
    return outcome(await fetch(address, { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) }));
  }

  took(item, found) {
    const passing = found.what === "done" || found.what === "refused";
    this.state = passing ? "" : found.what;
    this.failures = passing ? 0 : this.failures + 1;
    if (found.what === "done" || (found.what === "refused" && item.kind === "skip")) {
      this.kept.drop(item);
    } else if (found.what === "refused") {
      item.refused = found.told.error;
      this.kept.put(item);
    }
    if (passing) { this.told(item, found); }
    this.changed();
  }
}
