// What every page shares: toasts, menus, keyboard, theme, signal, drafts. No page needs it to work.
"use strict";
(() => {
  const words = document.body.dataset;

  // -- toasts ------------------------------------------------------------------------------
  const toasts = document.getElementById("toasts");
  function dressed(note) {
    if (!note.matches(".note-error, .note-warning")) setTimeout(() => note.remove(), 7000);
  }
  function toast(text, level) {
    const note = document.createElement("div");
    note.className = `note note-${level}`;
    note.setAttribute("role", level === "error" ? "alert" : "status");
    const line = document.createElement("p");
    line.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn-close";
    close.dataset.dismiss = "";
    close.setAttribute("aria-label", words.close);
    note.append(line, close);
    toasts.append(note);
    dressed(note);
  }
  if (toasts) toasts.querySelectorAll(".note").forEach(dressed);
  window.baoxiu = { toast };

  document.addEventListener("click", (event) => {
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest("[data-toast], .note").remove();
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (event.target.closest("[data-theme-toggle]")) {
      const root = document.documentElement;
      const now = root.dataset.bsTheme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
      root.dataset.bsTheme = now === "dark" ? "light" : "dark";
      document.cookie = `theme=${root.dataset.bsTheme};path=/;max-age=31536000;samesite=lax`;
    }
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => toast(copy.dataset.copied || "✓", "success"));
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-filter] select, [data-submit]")) event.target.form.requestSubmit();
  });

  // on a phone the page one is on stands far to the right among its neighbours
  const here = document.querySelector(".subnav [aria-current]");
  if (here) { const bar = here.closest(".subnav"); bar.scrollLeft += here.getBoundingClientRect().left - bar.getBoundingClientRect().left - 48; }

  // -- keyboard ----------------------------------------------------------------------------
  const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog");
  function move(by) {
    const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.classList.contains("is-current"));
    const to = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))];
    rows.forEach((row) => row.classList.toggle("is-current", row === to));
    to.scrollIntoView({ block: "nearest" });
    (to.querySelector("a, button") || to).focus({ preventScroll: true });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll("details[data-menu][open]").forEach((menu) => { menu.open = false; });
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (event.key === "j") return move(1);
    if (event.key === "k") return move(-1);
    const hot = document.querySelector(event.key === "/" ? "[data-search]" : `[data-key="${CSS.escape(event.key)}"]`);
    if (event.key === "?") { const keys = document.querySelector("[data-keys]"); if (keys) keys.showModal(); }
    else if (hot) {
      event.preventDefault();
      if (hot.matches("input, textarea, select")) { hot.focus(); if (hot.select) hot.select(); } else hot.click();
    }
  });

  // -- a form that came back with something wrong: to the first field of it -------------------
  function mend(root) { const bad = root && root.querySelector && root.querySelector(".step-form [aria-invalid=true], form [aria-invalid=true]"); if (bad) bad.focus(); }
  document.addEventListener("htmx:afterSettle", (event) => { if (event.target.matches(".step-form") || event.detail.xhr?.status === 422) mend(event.target.parentElement || event.target); });

  // -- signal ------------------------------------------------------------------------------
  const banner = document.querySelector("[data-offline-banner]");
  function signal() { if (banner) banner.hidden = navigator.onLine; }
  addEventListener("online", signal);
  addEventListener("offline", signal);
  signal();
  document.addEventListener("htmx:sendError", () => toast(words.offline, "error"));
  document.addEventListener("htmx:timeout", () => toast(words.offline, "error"));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    toast(status === 403 ? words.denied : status === 413 ? words.toolarge : words.failed, "error");
  });
  document.addEventListener("submit", (event) => {
    if (!navigator.onLine && event.target.method === "post") {
      event.preventDefault();
      event.stopImmediatePropagation();
      keep(event.target.closest("[data-draft]"));
      toast(words.offline, "error");
    }
  }, true);

  // -- something is under way: a line at the top within 100 ms -------------------------------
  let running = 0;
  function busy(change) { running = Math.max(0, running + change); document.body.toggleAttribute("data-busy", running > 0); }
  document.addEventListener("htmx:beforeRequest", () => busy(1));
  document.addEventListener("htmx:afterRequest", () => busy(-1));
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post" || event.target.hasAttribute("hx-post")) return;
    busy(1);
    setTimeout(() => busy(-1), 20000);
  });
  addEventListener("pageshow", () => { running = 0; busy(0); });

  // -- drafts: what is typed stays on this device until the server has taken it ---------------
  // A form with data-draft="key" is stored as it changes. The page that follows a taken step carries
  // data-draft-done="key" and only that throws the draft away.
  const at = (form) => `draft:${document.body.dataset.actor || ""}:${form.dataset.draft}`;
  function keep(form) {
    if (!form) return;
    const kept = {};
    for (const field of form.elements) {
      if (!field.name || ["hidden", "password", "file", "submit", "button"].includes(field.type)) continue;
      if (["checkbox", "radio"].includes(field.type)) { if (field.checked) (kept[field.name] ||= []).push(field.value); }
      else if (field.value && field.value !== field.defaultValue) (kept[field.name] ||= []).push(field.value);
    }
    try {
      if (Object.keys(kept).length) localStorage.setItem(at(form), JSON.stringify({ kept, since: Date.now() }));
      else localStorage.removeItem(at(form));
    } catch { /* private windows have no room: the form itself still holds it */ }
  }
  function restore(form) {
    let kept;
    try { ({ kept } = JSON.parse(localStorage.getItem(at(form)) || "{}")); } catch { return; }
    if (!kept) return;
    let found = false;
    for (const field of form.elements) {
      if (!(field.name in kept) || field.type === "hidden") continue;
      if (["checkbox", "radio"].includes(field.type)) field.checked = kept[field.name].includes(field.value);
      else if (!field.value || field.tagName === "SELECT") field.value = kept[field.name].shift() ?? field.value;
      else continue;
      found = true;
    }
    if (found) toast(words.draft, "info");
  }
  function drafts(root) {
    root.querySelectorAll("[data-draft-done]").forEach((done) => {
      try { localStorage.removeItem(`draft:${document.body.dataset.actor || ""}:${done.dataset.draftDone}`); } catch { /* none there */ }
    });
    root.querySelectorAll("form[data-draft]").forEach(restore);
  }
  // nobody's words lie on a device for ever
  try {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith("draft:"))) {
      if (!(JSON.parse(localStorage.getItem(key)).since > Date.now() - 7 * 86400000)) localStorage.removeItem(key);
    }
  } catch { /* none there */ }
  // whoever signs out leaves nothing of customers on a shared device
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-sign-out]")) return;
    try {
      Object.keys(localStorage).filter((key) => key.startsWith("draft:")).forEach((key) => localStorage.removeItem(key));
    } catch { /* none there */ }
  });
  document.addEventListener("input", (event) => keep(event.target.closest && event.target.closest("form[data-draft]")));
  document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) drafts(event.detail.elt.parentElement || event.detail.elt); });
  drafts(document);
})();
