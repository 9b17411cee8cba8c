// C4.3: a day by engineer: rows filled when they come into view, jobs dragged by the pointer.
// `BoardTime(element, words, on)` → { show, reveal, hold, dragging }; `on`: choose, over, drop, leave.
"use strict";
window.BoardTime = (box, words, on) => {
  const QUARTER = 900, ROW = 44;
  const rows = new Map(); // engineer → { id, shell, sign, filled }
  const pad = (n) => String(n).padStart(2, "0");
  const clock = (s) => `${pad(Math.floor(s / 3600))}:${pad(Math.floor((s % 3600) / 60))}`;
  const element = (tag, name, text) => { const e = document.createElement(tag); if (name) e.className = name; if (text !== undefined) e.textContent = text; return e; };
  const hours = box.appendChild(element("div", "tl-hours"));
  let from = 0, until = 86400, chosen = "", order = "";
  const part = (s) => `${Math.max(0, Math.min(100, ((s - from) / (until - from)) * 100))}%`;
  const near = new IntersectionObserver((seen) => seen.forEach((one) => { const row = rows.get(one.target.dataset.who); if (row) { row.near = one.isIntersecting; if (row.near) fill(row); } }), { root: box, rootMargin: "500px 0px" });

  function span(engineers, jobs) {
    let a = 8 * 3600, b = 19 * 3600;
    engineers.forEach((e) => { a = Math.min(a, e.shift[0]); b = Math.max(b, e.shift[1]); });
    jobs.forEach((j) => { if (j.t) { a = Math.min(a, j.t[0]); b = Math.max(b, j.t[1]); } });
    a = Math.floor(a / 3600) * 3600;
    b = Math.ceil(b / 3600) * 3600;
    if (a === from && b === until) return;
    [from, until] = [a, b];
    const n = (b - a) / 3600;
    box.style.setProperty("--hours", n);
    hours.replaceChildren(element("span", "tl-who"), element("div", "tl-lane"));
    for (let h = 0; h < n; h += 1) hours.lastChild.appendChild(element("span", "", clock(a + h * 3600))).style.left = part(a + h * 3600);
    rows.forEach((row) => { row.sign = ""; });
  }
  // engineers: the rows in their order; jobs: all; now: seconds or undefined
  function show(engineers, jobs, number, now) {
    chosen = number;
    span(engineers, jobs);
    box.style.setProperty("--now", now === undefined || now === null ? "-1px" : part(now));
    const of = new Map(engineers.map((e) => [e.id, []]));
    jobs.forEach((j) => { if (j.t && of.has(j.e)) of.get(j.e).push(j); });
    rows.forEach((row, id) => { if (!of.has(id)) { near.unobserve(row.shell); row.shell.remove(); rows.delete(id); } });
    const screen = Math.ceil(box.clientHeight / ROW) + 2;
    engineers.forEach((line, i) => {
      const mine = of.get(line.id).sort((a, b) => a.t[0] - b.t[0]);
      const sign = JSON.stringify([line, mine]);
      let row = rows.get(line.id);
      if (!row) {
        row = { id: line.id, shell: element("div", "tl-row") };
        row.shell.dataset.who = line.id;
        row.shell.setAttribute("role", "group");
        rows.set(line.id, row);
        row.near = i < screen;
      }
      Object.assign(row, { line, mine, filled: row.filled && row.sign === sign, sign });
      if (row.near) fill(row);
    });
    const wanted = engineers.map((e) => e.id).join();
    if (wanted === order) return;
    const first = !order;
    order = wanted;
    const all = document.createDocumentFragment();
    engineers.forEach((e) => all.appendChild(rows.get(e.id).shell));
    box.appendChild(all);
    engineers.forEach((e) => near.observe(rows.get(e.id).shell));
    if (first && now) box.scrollLeft = ((now - 3600 - from) / (until - from)) * hours.lastChild.offsetWidth; // an hour before now
  }
  function fill(row) {
    if (row.filled) return;
    row.filled = true;
    const focused = row.shell.contains(document.activeElement) ? document.activeElement.dataset.job : "";
    const e = row.line, head = element("span", "tl-who"), lane = element("div", "tl-lane");
    head.append(element("b", "", e.name), element("small", "", `${e.jobs} ${words.jobs} · ${Math.round(e.share * 100)} %`));
    head.appendChild(element("span", e.share > 1 ? "board-load is-over" : "board-load")).appendChild(element("i")).style.width = `${Math.min(100, Math.round(e.share * 100))}%`;
    head.title = `${e.skills.join(", ")} · ${clock(e.shift[0])}–${clock(e.shift[1])} · ${words.route} ${e.travel} ${words.minutes} · ${e.done} ${words.weeks}`;
    row.shell.setAttribute("aria-label", e.name);
    lane.style.setProperty("--opens", part(e.shift[0]));
    lane.style.setProperty("--closes", part(e.shift[1]));
    if (e.room) lane.appendChild(room(e.room));
    row.mine.forEach((j) => lane.appendChild(one(j)));
    row.shell.replaceChildren(head, lane);
    if (focused) { const again = row.shell.querySelector(`[data-job="${focused}"]`); if (again) again.focus({ preventScroll: true }); }
  }
  function one(j) {
    const b = element("button", `tl-job${j.begun ? " is-begun" : ""}${j.bad ? " is-bad" : ""}${j.w ? " is-promised" : ""}${j.fixed || j.lock ? " is-fixed" : ""}${j.n === chosen ? " is-chosen" : ""}`);
    b.type = "button";
    b.dataset.job = j.n;
    b.style.left = part(j.t[0]);
    b.style.width = `calc(${((j.t[1] - j.t[0]) / (until - from)) * 100}% - 2px)`;
    b.append(element("b", "", `${clock(j.t[0])} ${j.c}`), element("small", "", j.s));
    b.title = [`${j.n} ${clock(j.t[0])}–${clock(j.t[1])}`, j.a, j.w ? `${words.promised} ${clock(j.w[0])}–${clock(j.w[1])}` : "", j.begun ? words.begun : "", ...(j.bad || [])].filter(Boolean).join("\n");
    return b;
  }
  function room(at) {
    const mark = element("span", "tl-room");
    mark.style.left = part(at[0]);
    mark.style.width = `calc(${((at[1] - at[0]) / (until - from)) * 100}% - 2px)`;
    mark.title = `${clock(at[0])}–${clock(at[1])} ${words.room}`;
    return mark;
  }
  function reveal(id) {
    const row = rows.get(id);
    if (row) { fill(row); row.shell.scrollIntoView({ block: "nearest" }); }
  }

  // -- dragging ------------------------------------------------------------------------------------
  let drag = null, swallow = false;
  function hold(number, event, label) {
    if (event.pointerType === "touch" || event.button) return;
    const taken = event.target.closest(".tl-job");
    drag = { number, label, x: event.clientX, y: event.clientY, into: taken ? event.clientX - taken.getBoundingClientRect().left : 0, ghost: null };
  }
  function at(x, y) {
    const under = document.elementFromPoint(x, y);
    const shell = under && under.closest(".tl-row");
    if (!shell || !box.contains(shell) || !shell.lastChild) return null;
    const lane = shell.lastChild.getBoundingClientRect();
    if (x < lane.left) return null;
    const second = from + ((x - drag.into - lane.left) / lane.width) * (until - from);
    return { who: shell.dataset.who, start: clock(Math.max(0, Math.min(86399, Math.floor(second / QUARTER) * QUARTER))) };
  }
  function drop(put) {
    const was = drag;
    const place = was && was.ghost && put ? at(was.to.x, was.to.y) : null;
    drag = null;
    if (!was || !was.ghost) return;
    was.ghost.remove();
    document.body.classList.remove("is-dragging");
    swallow = true;
    setTimeout(() => { swallow = false; });
    on.leave();
    if (place) on.drop(was.number, place.who, place.start);
  }
  function moved(event) {
    if (!drag) return;
    const { clientX: x, clientY: y } = event;
    if (!drag.ghost) {
      if (Math.hypot(x - drag.x, y - drag.y) < 5) return;
      drag.ghost = document.body.appendChild(element("div", "tl-ghost", drag.label));
      document.body.classList.add("is-dragging");
    }
    event.preventDefault();
    drag.to = { x, y };
    drag.ghost.style.transform = `translate(${x - drag.into}px, ${y - 12}px)`;
    const frame = box.getBoundingClientRect();
    if (x > frame.left && x < frame.right) box.scrollTop += y > frame.bottom - 30 ? 16 : y < frame.top + 50 && y > frame.top ? -16 : 0;
    const place = at(x, y);
    if (place) on.over(drag.number, place.who, place.start, x, y);
    else on.leave();
  }
  document.addEventListener("pointermove", moved);
  document.addEventListener("pointerup", () => drop(true));
  document.addEventListener("pointercancel", () => drop(false));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && drag) drop(false); });
  document.addEventListener("click", (event) => { if (swallow) { event.preventDefault(); event.stopPropagation(); } }, true);
  box.addEventListener("pointerdown", (event) => { const b = event.target.closest(".tl-job"); if (b && !b.classList.contains("is-begun")) hold(b.dataset.job, event, b.firstChild.textContent); });
  box.addEventListener("click", (event) => { const b = event.target.closest(".tl-job"); if (b) on.choose(b.dataset.job); });
  return { show, reveal, hold, dragging: () => Boolean(drag && drag.ghost) };
};
