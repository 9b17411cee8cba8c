// C4.3: the dispatcher's board. The server decides everything; this shows it, drags, asks, and polls.
"use strict";
(() => {
  const root = document.querySelector("[data-board]");
  if (!root) return;
  const find = (name, within) => (within || document).querySelector(`[data-${name}]`);
  const words = JSON.parse(document.getElementById("board-words").textContent);
  const date = root.dataset.date;
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const state = find("state"), list = find("list"), give = find("give"), hint = find("hint"), panel = find("panel"), time = find("calendar");
  let board = null, etag = "", chosen = "", busy = 0, calendar = null, map = null, dragged = "";

  const pad = (n) => String(n).padStart(2, "0");
  const clock = (s) => `${pad(Math.floor(s / 3600))}:${pad(Math.floor((s % 3600) / 60))}`;
  const moment = (s) => { const [y, m, d] = date.split("-").map(Number); return new Date(y, m - 1, d, 0, 0, s); };
  const job = (n) => board.jobs.find((j) => j.n === n);
  const element = (tag, name, text) => { const e = document.createElement(tag); if (name) e.className = name; if (text !== undefined) e.textContent = text; return e; };

  // -- asking the server ------------------------------------------------------------------------
  async function load(force) {
    const answer = await fetch(`/desk/dispatch/day/?date=${date}`, { headers: etag && !force ? { "If-None-Match": etag } : {} });
    if (answer.status === 304 || !answer.ok) return;
    etag = answer.headers.get("ETag") || "";
    board = await answer.json();
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
  let note = "";
  function say(text, bad) { note = text; const p = find("note") || state.appendChild(element("span")); p.dataset.note = ""; p.className = bad ? "board-chip is-bad" : "board-chip"; p.textContent = text; p.hidden = !text; }

  // -- what a move would mean --------------------------------------------------------------------
  let asked = "", waiting = 0;
  async function preview(number, engineer, start) {
    const key = `${number} ${engineer} ${start}`;
    if (key === asked || waiting) return null;
    asked = key;
    waiting = 1;
    try {
      const query = new URLSearchParams({ date, number, engineer: engineer || "", start: start || "" });
      const answer = await fetch(`/desk/dispatch/preview/?${query}`);
      return answer.ok || answer.status === 422 ? await answer.json() : null;
    } finally { waiting = 0; }
  }
  function tip(told, x, y) {
    if (!told) return;
    hint.hidden = false;
    hint.textContent = told.text || told.message || "";
    hint.classList.toggle("is-bad", !told.ok);
    hint.style.left = `${Math.min(x + 14, innerWidth - 340)}px`;
    hint.style.top = `${y + 18}px`;
  }
  function untip() { hint.hidden = true; asked = ""; }
  async function over(x, y) {
    if (!dragged) return;
    const at = calendar.dateFromPoint(x, y);
    if (!at || !at.resource) return;
    const told = await preview(dragged, at.resource.id, rounded(at.date));
    if (dragged) tip(told, x, y);
  }
  const rounded = (when) => `${pad(when.getHours())}:${pad(Math.floor(when.getMinutes() / 15) * 15)}`;

  // -- showing -----------------------------------------------------------------------------------
  function events() {
    const there = new Set(page.map((e) => e.id));
    return board.jobs.filter((j) => j.t && there.has(j.e)).map((j) => ({
      id: j.n, resourceIds: [j.e], start: moment(j.t[0]), end: moment(j.t[1]), editable: !j.begun, startEditable: !j.begun, durationEditable: false,
      title: `${clock(j.t[0])} ${j.c}`, extendedProps: { job: j },
      classNames: [j.begun ? "is-begun" : "", j.bad.length ? "is-bad" : "", j.w ? "is-promised" : "", j.n === chosen ? "is-chosen" : ""].filter(Boolean),
    }));
  }
  // the calendar's time grows faster than its rows: a page of engineers at a time
  const ROWS = 25;
  let first = 0;
  function shown() {
    const typed = find("who").value.trim().toLowerCase();
    const all = board.engineers.filter((e) => !typed || `${e.name} ${e.skills.join(" ")}`.toLowerCase().includes(typed));
    first = Math.max(0, Math.min(first, Math.floor((all.length - 1) / ROWS) * ROWS));
    find("range").textContent = all.length ? `${first + 1}–${Math.min(first + ROWS, all.length)} / ${all.length}` : "0";
    find("earlier").disabled = first === 0;
    find("further").disabled = first + ROWS >= all.length;
    return all.slice(first, first + ROWS);
  }
  let page = [];
  const resources = () => page.map((e) => ({ id: e.id, title: e.name, extendedProps: { line: e } }));
  function label(info) {
    const e = info.resource.extendedProps.line;
    const box = element("span", "board-who");
    box.append(element("b", "", e.name), element("small", "", ` ${e.jobs} ${words.jobs} · ${Math.round(e.share * 100)} %`));
    const bar = box.appendChild(element("span", e.share > 1 ? "board-load is-over" : "board-load"));
    bar.appendChild(element("i")).style.width = `${Math.min(100, Math.round(e.share * 100))}%`;
    box.title = `${e.skills.join(", ")} · ${clock(e.shift[0])}–${clock(e.shift[1])} · ${words.route} ${e.travel} ${words.minutes} · ${e.done} ${words.weeks}`;
    return { domNodes: [box] };
  }
  function show() {
    root.removeAttribute("aria-busy");
    status();
    unplaced();
    timeline();
    requestAnimationFrame(plain);
    map = map || window.BoardMap(find("map"));
    drawMap();
    differences();
  }
  function drawMap() { map.show(board.engineers, board.jobs, chosen && job(chosen) ? job(chosen).e : "", choose); }
  function status() {
    const keep = find("note");
    state.replaceChildren();
    const chip = (text, bad) => state.appendChild(element("span", bad ? "board-chip is-bad" : "board-chip", text));
    chip(board.draft ? words.draft : board.version ? `${words.force}, ${words.version} ${board.version}` : words.none);
    chip(`${board.served} / ${board.jobs.filter((j) => !j.begun).length} ${words.jobs} · ${words.route} ${board.travel} ${words.minutes}`);
    if (board.asked) chip(words.asked);
    if (board.loose) chip(`${board.loose} ${words.jobs} ${words.late}`, true);
    const bad = board.jobs.filter((j) => j.bad.length);
    if (bad.length) chip(`${bad[0].n}: ${bad[0].bad[0]}`, true);
    if (keep) state.appendChild(keep);
    const fair = find("fair");
    fair.textContent = words.fair.replace("{spread}", board.fairness[0]).replace("{variation}", board.fairness[1]).replace("{visits}", board.fairness[2]);
    document.querySelectorAll("[data-verb]").forEach((b) => {
      if (b.dataset.verb === "back") b.disabled = !board.draft || !board.draft.edits;
      if (["discard", "publish"].includes(b.dataset.verb)) b.disabled = !board.draft;
      if (b.dataset.verb === "publish") b.disabled = !board.draft || !board.ok;
    });
  }
  function unplaced() {
    const typed = find("filter").value.trim().toLowerCase(), most = Number(find("priority").value || 9);
    const rows = board.jobs.filter((j) => !j.e && j.p <= most && (!typed || `${j.n} ${j.c} ${j.a} ${j.skill} ${j.s}`.toLowerCase().includes(typed)));
    find("count").textContent = `(${rows.length})`;
    list.replaceChildren(...rows.slice(0, 300).map((j) => {
      const item = element("li");
      const box = item.appendChild(element("button", `board-job board-p${j.p}${j.n === chosen ? " is-chosen" : ""}`));
      box.type = "button";
      box.draggable = true;
      box.dataset.job = j.n;
      box.append(element("b", "", `${j.c} · ${j.s}`), element("small", "", [j.n, `P${j.p}`, j.skill, j.w ? `${words.promised} ${clock(j.w[0])}–${clock(j.w[1])}` : "", j.hopeless ? words.hopeless : ""].filter(Boolean).join(" · ")), element("small", "", j.a));
      return item;
    }));
    if (!rows.length) list.appendChild(element("li", "p-3 text-secondary", words.empty));
  }
  function timeline() {
    page = shown();
    if (calendar) {
      calendar.setOption("resources", resources());
      calendar.setOption("events", events());
      return;
    }
    const from = Math.min(8, ...board.engineers.map((e) => Math.floor(e.shift[0] / 3600)));
    const until = Math.max(19, ...board.engineers.map((e) => Math.ceil(e.shift[1] / 3600)), ...board.jobs.filter((j) => j.t).map((j) => Math.ceil(j.t[1] / 3600)));
    calendar = window.EventCalendar.create(find("calendar"), {
      view: "resourceTimelineDay", date: moment(0), headerToolbar: { start: "", center: "", end: "" }, height: "100%", locale: root.dataset.language === "en" ? "en" : "zh-CN",
      slotMinTime: `${pad(from)}:00:00`, slotMaxTime: `${pad(until)}:00:00`, slotDuration: "00:30:00", slotWidth: 32, snapDuration: "00:15:00", nowIndicator: true,
      resources: resources(), events: events(), resourceLabelContent: label, eventStartEditable: true, eventDurationEditable: false, eventDragMinDistance: 4, longPressDelay: 350,
      dayHeaderFormat: () => "", buttonText: {}, resourceLabelDidMount: () => {},
      eventContent: (info) => { const j = info.event.extendedProps.job; return { domNodes: [element("span", "", info.event.title), element("br"), element("small", "", j.s)] }; },
      eventDidMount: (info) => {
        const j = info.event.extendedProps.job;
        info.el.tabIndex = 0;
        info.el.setAttribute("role", "button");
        info.el.dataset.job = j.n;
        info.el.setAttribute("aria-label", `${info.event.title} ${j.s} – ${clock(j.t[1])}`);
        info.el.title = [j.n, j.a, j.w ? `${words.promised} ${clock(j.w[0])}–${clock(j.w[1])}` : "", j.begun ? words.begun : "", ...j.bad].filter(Boolean).join("\n");
      },
      // what scrolls is reached by keyboard
      viewDidMount: () => requestAnimationFrame(() => find("calendar").querySelectorAll(".ec-main").forEach((part) => { part.tabIndex = 0; })),
      eventClick: (info) => choose(info.event.id),
      eventDragStart: (info) => { dragged = info.event.id; },
      eventDragStop: () => { dragged = ""; untip(); },
      eventDrop: (info) => {
        const who = info.newResource ? info.newResource.id : info.event.resourceIds[0];
        put(info.event.id, who, rounded(info.event.start));
      },
    });
  }
  // the calendar claims to be a grid but has no rows of cells: a reader is better off with plain buttons
  function plain() {
    root.querySelectorAll(".board-time [role]:not([role=button])").forEach((e) => ["role", "aria-rowcount", "aria-colcount", "aria-colindex", "aria-rowindex", "aria-level"].forEach((a) => e.removeAttribute(a)));
    time.querySelectorAll("time[aria-label]").forEach((e) => e.removeAttribute("aria-label"));
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
    const at = board.engineers.findIndex((e) => e.id === j.e);
    if (at >= 0 && !page.some((e) => e.id === j.e)) { find("who").value = ""; first = Math.floor(at / ROWS) * ROWS; turn(0); }
    document.querySelectorAll("[data-job]").forEach((e) => e.classList.toggle("is-chosen", e.dataset.job === number));
    drawMap();
    map.focus(j.lat, j.lon);
    give.hidden = j.begun;
    find("give-title").textContent = `${j.n} · ${j.c}`;
    give.elements.engineer.replaceChildren(give.elements.engineer.options[0], ...board.engineers.map((e) => new Option(`${e.name} · ${Math.round(e.share * 100)} %`, e.id)));
    give.elements.engineer.value = j.e;
    give.elements.start.value = "";
    give.elements.reason.value = "";
    find("effect").textContent = "";
    const answer = await fetch(`/desk/dispatch/why/${number}/?date=${date}`);
    if (answer.status === 200 && chosen === number) panel.innerHTML = await answer.text();
    else if (chosen === number) panel.replaceChildren(element("p", "", `${j.n} ${j.s} · ${words.begun}`));
    if (!give.hidden) give.elements.engineer.focus({ preventScroll: true });
  }
  const put = (number, engineer, start, reason) => { chosen = number; return act("move", { number, engineer, start: start || "", reason: reason || "" }); };
  give.addEventListener("submit", async (event) => {
    event.preventDefault();
    const f = give.elements;
    await put(chosen, f.engineer.value, f.start.value, f.reason.value);
  });
  give.addEventListener("change", async () => {
    const told = await preview(chosen, give.elements.engineer.value, give.elements.start.value);
    if (told) { const out = find("effect"); out.textContent = told.text || told.message || ""; out.className = told.ok ? "is-good" : "is-wrong"; }
  });
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose]");
    if (!button) return;
    give.elements.engineer.value = button.dataset.choose;
    give.dispatchEvent(new Event("change"));
    give.elements.engineer.focus();
  });

  // -- dragging from the list ----------------------------------------------------------------------
  list.addEventListener("click", (event) => { const b = event.target.closest("[data-job]"); if (b) choose(b.dataset.job); });
  list.addEventListener("dragstart", (event) => { const b = event.target.closest("[data-job]"); if (b) { dragged = b.dataset.job; event.dataTransfer.setData("text/plain", dragged); } });
  list.addEventListener("dragend", () => { dragged = ""; untip(); });
  time.addEventListener("dragover", (event) => { if (dragged) { event.preventDefault(); over(event.clientX, event.clientY); } });
  time.addEventListener("drop", (event) => {
    const at = dragged && calendar.dateFromPoint(event.clientX, event.clientY);
    const number = dragged;
    dragged = "";
    untip();
    if (!at || !at.resource) return;
    event.preventDefault();
    put(number, at.resource.id, rounded(at.date));
  });
  document.addEventListener("pointermove", (event) => { if (dragged) over(event.clientX, event.clientY); });
  time.addEventListener("keydown", (event) => {
    const event_ = event.target.closest("[data-job]");
    if (event_ && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); choose(event_.dataset.job); }
  });

  // -- buttons, keys, polling ----------------------------------------------------------------------
  document.querySelectorAll("[data-verb]").forEach((b) => b.addEventListener("click", () => act(b.dataset.verb, {})));
  const policy = find("policy");
  if (policy) policy.addEventListener("change", () => act("policy", { policy: policy.value }));
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.target.closest("input, textarea, select")) { event.preventDefault(); if (board && board.draft && board.draft.edits) act("back", {}); }
  });
  const turn = (by) => { first += by; timeline(); requestAnimationFrame(plain); };
  find("earlier").addEventListener("click", () => turn(-ROWS));
  find("further").addEventListener("click", () => turn(ROWS));
  find("who").addEventListener("input", () => turn(-first));
  find("filter").addEventListener("input", unplaced);
  find("priority").addEventListener("change", unplaced);
  setInterval(() => { if (!busy && !dragged && !document.hidden) load().catch(() => {}); }, board && board.asked ? 2000 : 5000);
  load().catch(() => { state.textContent = words.failed; });
})();
