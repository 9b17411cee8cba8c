// The desk: go-to keys, the panel beside a list, marking rows, instant search, polling that costs nothing. No page needs it.
"use strict";
(() => {
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
  const typing = (target) => target.closest && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog");
  const current = () => document.querySelector("[data-row].is-current");
  const side = document.querySelector("[data-side]");

  // -- the panel beside a list ---------------------------------------------------------------
  function open(row) {
    if (!side || !row) return;
    side.hidden = false;
    side.setAttribute("aria-busy", "true");
    side.dataset.number = row.dataset.number;
    const next = encodeURIComponent(location.pathname + location.search);
    window.htmx.ajax("GET", `/desk/cases/${row.dataset.number}/glance/?next=${next}`, { target: side, swap: "innerHTML" })
      .then(() => { side.removeAttribute("aria-busy"); side.focus({ preventScroll: true }); });
  }
  function close() {
    if (!side || side.hidden) return false;
    side.hidden = true;
    side.replaceChildren();
    const row = current();
    if (row) row.querySelector("a").focus({ preventScroll: true });
    return true;
  }
  function point(row) {
    all("[data-row]").forEach((other) => other.classList.toggle("is-current", other === row));
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-side]")) return close();
    const link = event.target.closest("[data-row] [data-open]");
    if (!side || !link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (window.innerWidth < 768) return;
    event.preventDefault();
    point(link.closest("[data-row]"));
    open(link.closest("[data-row]"));
  });

  // -- marking rows ----------------------------------------------------------------------------
  const marked = () => all("[data-bulk] input[name=number]:checked");
  function mark(row) {
    const box = row && row.querySelector("input[name=number]");
    if (box) box.checked = !box.checked;
  }
  function give() {
    if (!marked().length) mark(current());
    const owner = document.querySelector("[data-bulk-owner]");
    if (owner && marked().length) owner.focus();
  }

  // -- keys ------------------------------------------------------------------------------------
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const box = document.activeElement;
      if (box && box.matches("[data-search]")) { found(""); box.blur(); } else if (!typing(event.target) || side && side.contains(event.target)) close();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const row = current();
    if (going && Date.now() - going < 1500) {
      going = 0;
      const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); event.stopImmediatePropagation(); link.click(); }
      return;
    }
    if (event.key === "g") { going = Date.now(); return; }
    if (event.key === "Enter" && row && side && (event.target === document.body || event.target.closest("[data-row]"))) { event.preventDefault(); open(row); }
    else if (event.key === "o" && row) row.querySelector("a[data-open]").ownerDocument.location.assign(row.querySelector("a[data-open]").href);
    else if (event.key === "x" && row) mark(row);
    else if (event.key === "a" && document.querySelector("[data-bulk]")) { event.preventDefault(); give(); }
  }, true);

  // -- an opened step: first field, choices from the side ----------------------------------------
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "work") return;
    const tab = document.querySelector(".work-tabs [aria-current]");
    if (tab) tab.parentElement.scrollLeft = tab.offsetLeft + tab.offsetWidth - tab.parentElement.offsetLeft - tab.parentElement.clientWidth;
    const fields = all(".step-form :is(textarea, select, input:not([type=hidden], [type=file]))", event.target);
    const first = fields.find((field) => field.type !== "radio" || field.checked) || fields[0];
    if (first) first.focus({ preventScroll: true });
    const top = event.target.getBoundingClientRect().top;
    if (top < 0 || top > window.innerHeight / 2) event.target.scrollIntoView({ block: "start" });
  });
  document.addEventListener("click", (event) => {
    const fill = event.target.closest("[data-fill]");
    const field = fill && document.querySelector(`#work [name="${CSS.escape(fill.dataset.fill)}"], .step-form [name="${CSS.escape(fill.dataset.fill)}"]`);
    if (!field) return;
    field.value = fill.dataset.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  // -- phone desk: a product belongs to its customer ---------------------------------------------
  document.addEventListener("change", (event) => {
    const caller = event.target.closest && event.target.closest(".caller");
    if (event.target.name === "unit_id" && caller) caller.querySelector("[name=customer_id]").checked = true;
    if (["unit_id", "customer_id"].includes(event.target.name)) {
      all("[name=unit_id]:checked").forEach((unit) => { if (unit.closest(".caller") !== caller) unit.checked = false; });
    }
  });

  // -- fresh rows: the server answers 304 while nothing a reader sees has changed ------------------
  const kept = {};
  document.addEventListener("htmx:configRequest", (event) => {
    const tag = event.target.dataset && event.target.dataset.etag;
    if (tag) event.detail.headers["If-None-Match"] = `"${tag}"`;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 304) { event.detail.shouldSwap = false; return; }
    if (event.detail.target.id !== "rows") return;
    kept.current = (current() || { dataset: {} }).dataset.row;
    kept.focus = document.activeElement.closest && Boolean(document.activeElement.closest("#rows"));
    kept.marked = marked().map((box) => box.value + box.closest("[data-row]").dataset.row);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "rows") return;
    const row = kept.current && document.querySelector(`[data-row="${kept.current}"]`);
    if (row) { point(row); if (kept.focus) row.querySelector("a").focus({ preventScroll: true }); }
    all("[data-bulk] input[name=number]").forEach((box) => { box.checked = kept.marked.includes(box.value + box.closest("[data-row]").dataset.row); });
  });

  // -- instant search ----------------------------------------------------------------------------
  const search = document.querySelector(".search [data-search]");
  let box = null;
  function found(html) {
    if (!box) {
      box = Object.assign(document.createElement("div"), { className: "found", id: "found" });
      box.setAttribute("aria-live", "polite");
      search.closest(".search").append(box);
    }
    box.hidden = !html;
    if (!html) box.replaceChildren();
  }
  if (search && window.htmx) {
    let wait = 0;
    search.addEventListener("input", () => {
      clearTimeout(wait);
      const words = search.value.trim();
      if (words.length < 2) return found("");
      wait = setTimeout(() => {
        found("…");
        window.htmx.ajax("GET", `/desk/search/?q=${encodeURIComponent(words)}`, { target: "#found", swap: "innerHTML" });
      }, 200);
    });
    search.closest(".search").addEventListener("keydown", (event) => {
      if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
      const hits = all("[data-hit]", box || search);
      if (!hits.length) return;
      event.preventDefault();
      const at = hits.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      (at < 0 ? search : hits[Math.min(at, hits.length - 1)]).focus();
    });
    document.addEventListener("click", (event) => { if (box && !event.target.closest(".search")) found(""); });
  }
})();
