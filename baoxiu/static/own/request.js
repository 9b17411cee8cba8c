// A long form in short steps. Without a script it is one page; the server judges either way.
"use strict";
(() => {
  const form = document.querySelector("form[data-wizard]");
  if (!form) return;
  const steps = [...form.querySelectorAll("[data-step]")];
  const bar = form.querySelector("[data-wizard-bar]");
  const send = form.querySelector("[data-wizard-send]");
  const words = form.dataset;
  let at = Math.max(0, steps.findIndex((step) => step.querySelector(".field-error")));

  function button(text, klass, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: klass, textContent: text });
    made.addEventListener("click", act);
    return made;
  }
  function wrong(field) {
    const box = field.closest(".field");
    if (!box || box.querySelector(".field-error")) return;
    field.classList.add("is-invalid");
    field.setAttribute("aria-invalid", "true");
    const line = Object.assign(document.createElement("span"), { className: "field-error", textContent: field.validity.valueMissing ? words.missing : field.validationMessage });
    line.id = `error-${field.name}`;
    field.setAttribute("aria-describedby", line.id);
    box.append(line);
  }
  function right(field) {
    field.classList.remove("is-invalid");
    field.removeAttribute("aria-invalid");
    const line = field.closest(".field")?.querySelector(".field-error");
    if (line) line.remove();
  }
  function complete(step) {
    const bad = [...step.querySelectorAll("input, textarea, select")].filter((field) => !field.checkValidity());
    bad.forEach(wrong);
    if (bad[0]) bad[0].focus();
    return !bad.length;
  }
  function show(to, focus) {
    at = to;
    steps.forEach((step, i) => { step.hidden = i !== at; });
    [...bar.children].forEach((mark, i) => {
      mark.className = i < at ? "is-done" : "";
      if (i === at) mark.setAttribute("aria-current", "step"); else mark.removeAttribute("aria-current");
    });
    send.hidden = at !== steps.length - 1;
    if (!focus) return;
    const first = steps[at].querySelector("legend");
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }

  steps.forEach((step, i) => {
    const foot = Object.assign(document.createElement("div"), { className: "form-foot wizard-foot" });
    if (i > 0) foot.append(button(words.back, "btn", () => show(i - 1, true)));
    if (i < steps.length - 1) foot.append(button(words.next, "btn btn-primary", () => { if (complete(step)) show(i + 1, true); }));
    step.append(foot);
    if (i === steps.length - 1) foot.append(send);
  });
  bar.hidden = false;
  show(at, false);

  form.addEventListener("input", (event) => right(event.target));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.target.matches("textarea, button") || at === steps.length - 1) return;
    event.preventDefault();
    if (complete(steps[at])) show(at + 1, true);
  });
  form.addEventListener("submit", (event) => {
    const missing = steps.findIndex((step) => [...step.querySelectorAll("input, textarea, select")].some((field) => !field.checkValidity()));
    if (missing >= 0) {
      event.preventDefault();
      show(missing, false);
      complete(steps[missing]);
      return;
    }
    send.disabled = true;
  });
  addEventListener("pageshow", () => { send.disabled = false; });
})();
