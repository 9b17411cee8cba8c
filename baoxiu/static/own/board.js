// C4.3: the dispatcher's board. The server decides everything; this shows it, drags, asks, and polls.
"use strict";
(() => {
  const root = document.querySelector("[data-board]");
  if (!root) return;
  const find = (name, within) => (within || document).querySelector(`[data-${name}]`);
  const words = JSON.parse(document.getElementById("board-words").textContent);
  const date = root.dataset.date;
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const state = find("state"), list = find("list"), give = find("give"), hint = find("hint"), panel = find("panel");
  const rules = window.BoardRules(words);
  let board = null, etag = "", chosen = "", busy = 0, map = null;

  const pad = (n) => String(n).padStart(2, "0");
  const clock = (s) => `${pad(Math.floor(s / 3600))}:${pad(Math.floor((s % 3600) / 60))}`;
  const job = (n) => board.jobs.find((j) => j.n === n);
  const element = (tag, name, text) => { const e = document.createElement(tag); if (name) e.className = name; if (text !== undefined) e.textContent = text; return e; };
  const time = window.BoardTime(find("calendar"), words, { choose, over, drop: dropped, leave: untip });

  // -- asking the server ------------------------------------------------------------------------
  let asked = 0; // what was asked before a later question is not shown after it
  async function load(force) {
    const mine = asked += 1;
    const answer = await fetch(`/desk/dispatch/day/?date=${date}`, etag && !force ? { headers: { "If-None-Match": etag } } : undefined);
    if (answer.status === 304 || !answer.ok || mine !== asked) return;
    const content = await answer.json();
    if (mine !== asked) return;
    [board, etag] = [content, answer.headers.get("ETag") || ""];
    priced.clear();
    show();
  }
  async function act(verb, fields) {
    busy += 1;
    root.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams({ edits: board && board.draft ? board.draft.edits : 0, ...fields });
      const answer = await fetch(`/desk/dispatch/act/${verb}/?date=${date}`, { method: "POST", body, headers: { "X-CSRFToken": token } });
      const told = await answer.json();
      say(told.message || told.text || "", !answer.ok || told.ok === false);
      await load(true);
      return told;
    } catch (error) {
      say(words.failed, true);
      return { ok: false };
    } finally { busy -= 1; root.removeAttribute("aria-busy"); }
  }
  function say(text, bad) { const p = find("note") || state.appendChild(element("span")); p.dataset.note = ""; p.className = bad ? "board-chip is-bad" : "board-chip"; p.textContent = text; p.hidden = !text; }

  // -- what a move would mean: at once from what is here, then from the server ---------------------
  const priced = new Map();
  let wanted = "", waiting = false;
  async function preview(number, engineer, start) {
    const key = `${number} ${engineer} ${start}`;
    if (priced.has(key)) return priced.get(key);
    const query = new URLSearchParams({ date, number, engineer: engineer || "", start: start || "" });
    const answer = await fetch(`/desk/dispatch/preview/?${query}`);
    const told = answer.ok || answer.status === 422 ? await answer.json() : null;
    if (told) priced.set(key, told);
    return told;
  }
  function over(number, who, start, x, y) {
    const key = `${number} ${who} ${start}`;
    hint.style.transform = `translate(${Math.min(x + 14, innerWidth - 340)}px, ${Math.min(y + 18, innerHeight - 60)}px)`;
    if (key === wanted) return;
    wanted = key;
    tip(priced.get(key) || { ...rules.check(board, job(number), who, start), text: `${start} · ${rules.check(board, job(number), who, start).text}` });
    confirm(number, who, start);
  }
  async function confirm(number, who, start) {
    if (waiting) return;
    waiting = true;
    const key = `${number} ${who} ${start}`;
    const told = await preview(number, who, start).catch(() => null);
    waiting = false;
    if (told && wanted === key) tip(told);
    else if (wanted && wanted !== key) { const [n, w, s] = wanted.split(" "); confirm(n, w, s); }
  }
  function tip(told) {
    hint.hidden = false;
    hint.textContent = told.text || told.message || "";
    hint.classList.toggle("is-bad", !told.ok);
  }
  function untip() { hint.hidden = true; wanted = ""; }

  // -- showing -----------------------------------------------------------------------------------
  function show() {
    root.removeAttribute("aria-busy");
    territories();
    status();
    timeline();
    unplaced();
    differences();
    setTimeout(() => { map = map || window.BoardMap(find("map")); drawMap(); });
  }
  function drawMap() { map.show(crew(), board.jobs.filter(within), chosen && job(chosen) ? job(chosen).e : "", choose, area ? area.value : ""); }

  // -- one territory, or all: what is listed, mapped and planned ------------------------------------
  const area = find("area");
  const chosenArea = () => board.areas.findIndex((a) => String(a.id) === area.value);
  function crew() { const i = chosenArea(); return i < 0 ? board.engineers : board.engineers.filter((e) => board.areas[i].staff.includes(e.id)); }
  function within(j) { const i = chosenArea(); return i < 0 || j.area === i + 1 || Boolean(j.e && board.areas[i].staff.includes(j.e)); }
  function territories() {
    const wanted = area.options.length ? area.value : localStorage.getItem("board-area") || "";
    area.hidden = !board.areas.length;
    area.replaceChildren(new Option(words.everywhere, ""), ...board.areas.map((a) => new Option(a.name, a.id)));
    area.value = board.areas.some((a) => String(a.id) === wanted) ? wanted : "";
    find("plan").textContent = area.value ? words.planarea : words.planday;
  }
  area.addEventListener("change", () => { localStorage.setItem("board-area", area.value); show(); });
  function timeline() {
    const typed = find("who").value.trim().toLowerCase();
    const lines = crew().filter((e) => !typed || `${e.name} ${e.skills.join(" ")}`.toLowerCase().includes(typed));
    find("range").textContent = lines.length === board.engineers.length ? lines.length : `${lines.length} / ${board.engineers.length}`;
    time.show(lines, board.jobs, chosen, board.now);
  }
  function status() {
    const keep = find("note");
    state.replaceChildren();
    const chip = (text, bad) => state.appendChild(element("span", bad ? "board-chip is-bad" : "board-chip", text));
    chip(board.draft ? words.draft : board.version ? `${words.force}, ${words.version} ${board.version}` : words.none);
    chip(`${board.served} / ${board.jobs.filter((j) => !j.begun).length} ${words.jobs} · ${words.route} ${board.travel} ${words.minutes}`);
    if (board.asked) chip(words.asked);
    if (board.loose) chip(`${board.loose} ${words.jobs} ${words.late}`, true);
    const bad = board.jobs.find((j) => j.bad);
    if (bad) chip(`${bad.n}: ${bad.bad[0]}`, true);
    if (keep) state.appendChild(keep);
    find("fair").textContent = words.fair.replace("{spread}", board.fairness[0]).replace("{variation}", board.fairness[1]).replace("{visits}", board.fairness[2]);
    document.querySelectorAll("[data-verb]").forEach((b) => {
      if (b.dataset.verb === "back") b.disabled = !board.draft || !board.draft.edits;
      if (["discard", "publish"].includes(b.dataset.verb)) b.disabled = !board.draft;
      if (b.dataset.verb === "publish") b.disabled = !board.draft || !board.ok;
    });
  }
  function unplaced() {
    const typed = find("filter").value.trim().toLowerCase(), most = Number(find("priority").value || 9);
    const rows = board.jobs.filter((j) => !j.e && within(j) && j.p <= most && (!typed || `${j.n} ${j.c} ${j.a} ${j.skill || ""} ${j.s}`.toLowerCase().includes(typed)));
    find("count").textContent = `(${rows.length})`;
    list.replaceChildren(...rows.slice(0, 300).map((j) => {
      const item = element("li");
      const box = item.appendChild(element("button", `board-job board-p${j.p}${j.n === chosen ? " is-chosen" : ""}`));
      box.type = "button";
      box.dataset.job = j.n;
      box.append(element("b", "", `${j.c} · ${j.s}`), element("small", "", [j.n, `P${j.p}`, j.skill, j.w ? `${words.promised} ${clock(j.w[0])}–${clock(j.w[1])}` : "", j.hopeless ? words.hopeless : ""].filter(Boolean).join(" · ")), element("small", "", j.a));
      return item;
    }));
    if (!rows.length) list.appendChild(element("li", "p-3 text-secondary", words.empty));
  }
  function differences() {
    const box = find("diff"), changes = board.draft ? board.draft.changes : [];
    box.hidden = !changes.length;
    find("diff-count").textContent = `(${changes.length})`;
    find("changes").replaceChildren(...changes.slice(0, 200).map((c) => {
      const item = element("li");
      item.append(element("b", "", c.n), element("span", "", ` ${c.s} `), element("small", "", `${c.before || words.nobody} → ${c.after || words.nobody}${c.minutes ? ` · ${c.minutes > 0 ? "+" : ""}${c.minutes} ${words.minutes}` : ""}`));
      return item;
    }));
  }

  // -- choosing and giving -----------------------------------------------------------------------
  async function choose(number) {
    chosen = number;
    const j = job(number);
    if (!j) return;
    if (j.e && !board.engineers.some((e) => e.id === j.e && (!find("who").value || e.name.includes(find("who").value)))) { find("who").value = ""; timeline(); }
    if (j.e) time.reveal(j.e);
    document.querySelectorAll("[data-job]").forEach((e) => e.classList.toggle("is-chosen", e.dataset.job === number));
    if (map) { drawMap(); map.focus(j.lat, j.lon); }
    give.hidden = Boolean(j.begun);
    find("give-title").textContent = `${j.n} · ${j.c}`;
    give.elements.engineer.replaceChildren(give.elements.engineer.options[0], ...board.engineers.map((e) => new Option(`${e.name} · ${Math.round(e.share * 100)} %`, e.id)));
    give.elements.engineer.value = j.e || "";
    give.elements.start.value = "";
    give.elements.reason.value = "";
    find("effect").textContent = "";
    const answer = await fetch(`/desk/dispatch/why/${number}/?date=${date}`);
    if (answer.status === 200 && chosen === number) panel.innerHTML = await answer.text();
    else if (chosen === number) panel.replaceChildren(element("p", "", `${j.n} ${j.s} · ${words.begun}`));
    if (!give.hidden && chosen === number) give.elements.engineer.focus({ preventScroll: true });
  }
  const put = (number, engineer, start, reason) => { chosen = number; return act("move", { number, engineer, start: start || "", reason: reason || "" }); };
  // shown where it was let go, until the server has said where it stands; a dearer place asks for the reason
  async function dropped(number, who, start) {
    const j = job(number), [h, m] = start.split(":").map(Number), from = h * 3600 + m * 60;
    Object.assign(j, { e: who, t: [from, from + (j.t ? j.t[1] - j.t[0] : 3600)] });
    chosen = number;
    timeline();
    const told = await put(number, who, start);
    if (!(told.dearer >= 60) || !job(number)) return;
    await choose(number);
    give.elements.start.value = start;
    effect(told);
    give.elements.reason.focus({ preventScroll: true });
  }
  function effect(told) { const out = find("effect"); out.textContent = told.text || told.message || ""; out.className = told.ok ? "is-good" : "is-wrong"; }
  give.addEventListener("submit", async (event) => {
    event.preventDefault();
    const f = give.elements;
    await put(chosen, f.engineer.value, f.start.value, f.reason.value);
  });
  give.addEventListener("change", async () => {
    const told = await preview(chosen, give.elements.engineer.value, give.elements.start.value);
    if (told) effect(told);
  });
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose]");
    if (!button) return;
    give.elements.engineer.value = button.dataset.choose;
    give.dispatchEvent(new Event("change"));
    give.elements.engineer.focus();
  });
  list.addEventListener("click", (event) => { const b = event.target.closest("[data-job]"); if (b) choose(b.dataset.job); });
  list.addEventListener("pointerdown", (event) => { const b = event.target.closest("[data-job]"); if (b) time.hold(b.dataset.job, event, b.firstChild.textContent); });

  // -- buttons, keys, polling ----------------------------------------------------------------------
  document.querySelectorAll("[data-verb]").forEach((b) => b.addEventListener("click", () => act(b.dataset.verb, b.dataset.verb === "solve" && area.value ? { territory: area.value } : {})));
  const policy = find("policy");
  if (policy) policy.addEventListener("change", () => act("policy", { policy: policy.value }));
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !(event.target.closest("input") && event.target.value)) { event.preventDefault(); if (board && board.draft && board.draft.edits) act("back", {}); }
  });
  find("who").addEventListener("input", timeline);
  find("filter").addEventListener("input", unplaced);
  find("priority").addEventListener("change", unplaced);
  async function poll() {
    if (!busy && !time.dragging() && !document.hidden) await load().catch(() => {});
    setTimeout(poll, board && board.asked ? 1500 : 5000);
  }
  load().catch(() => { state.textContent = words.failed; }).then(() => setTimeout(poll, 1500));
})();
