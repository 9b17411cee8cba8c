// Fields that do more with a script: uploads with progress, signatures, rows to add. Without it: plain fields.
"use strict";
(() => {
  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

  // -- a window offered for an appointment fills both its fields ------------------------------
  document.addEventListener("click", (event) => {
    const slot = event.target.closest("[data-slot]");
    if (!slot) return;
    const form = slot.closest("fieldset").parentElement;
    [["starts_at", slot.dataset.slot], ["ends_at", slot.dataset.until]].forEach(([name, value]) => {
      const field = form.querySelector(`[name="${name}"]`) || document.querySelector(`.step-form [name="${name}"]`);
      if (field) { field.value = value; field.dispatchEvent(new Event("input", { bubbles: true })); }
    });
  });

  // -- files that go with the form: a button and the names instead of the browser's field ------
  document.querySelectorAll("[data-chosen]").forEach((input) => {
    const list = input.parentElement.querySelector(".uploads");
    input.classList.add("visually-hidden");
    input.addEventListener("change", () => {
      list.querySelectorAll("[data-new]").forEach((row) => row.remove());
      [...input.files].forEach((file) => {
        const row = document.createElement("li");
        row.dataset.new = "";
        if (file.type.startsWith("image/")) row.append(Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" }));
        row.append(Object.assign(document.createElement("span"), { textContent: file.name }));
        list.append(row);
      });
    });
  });

  // -- files: each is sent at once; the form then carries only its id -------------------------
  function upload(box, file) {
    const row = document.createElement("li");
    const bar = document.createElement("progress");
    const name = document.createElement("span");
    name.textContent = file.name;
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    row.append(name, bar);
    box.querySelector(".uploads").append(row);
    const request = new XMLHttpRequest();
    const data = new FormData();
    data.append("file", file);
    if (box.dataset.token) data.append("token", box.dataset.token);
    request.open("POST", box.dataset.upload);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => { bar.value = event.total ? (100 * event.loaded) / event.total : 0; });
    const over = (text) => { bar.remove(); row.append(Object.assign(document.createElement("small"), { className: "field-error", textContent: text })); again(row, box, file); };
    request.addEventListener("error", () => over(document.body.dataset.offline));
    request.addEventListener("load", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* not ours */ }
      if (request.status !== 201) return over(answer.error || (request.status === 413 ? document.body.dataset.toolarge : document.body.dataset.failed));
      bar.remove();
      const id = Object.assign(document.createElement("input"), { type: "hidden", name: box.dataset.name, value: answer.id });
      row.append(id, remover(row));
      if (answer.picture) row.prepend(Object.assign(document.createElement("img"), { src: answer.picture, alt: "" }));
    });
    request.send(data);
  }
  function remover(row) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn-close" });
    button.setAttribute("aria-label", `${document.body.dataset.remove}: ${row.textContent}`);
    button.addEventListener("click", () => row.remove());
    return button;
  }
  function again(row, box, file) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: "↻" });
    button.setAttribute("aria-label", `${document.body.dataset.again}: ${file.name}`);
    button.addEventListener("click", () => { row.remove(); upload(box, file); });
    row.append(button, remover(row));
  }
  function files(root) {
    root.querySelectorAll("[data-upload]:not([data-ready])").forEach((box) => {
      box.dataset.ready = "1";
      box.querySelectorAll("input[type=file]").forEach((input) => input.addEventListener("change", () => {
        [...input.files].forEach((file) => upload(box, file));
        input.value = "";
      }));
    });
  }

  // -- signature: the points of every stroke as JSON in a hidden input ------------------------
  let loading = null;
  function library() {
    loading ||= new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement("script"), { src: document.body.dataset.signature, onload: resolve, onerror: reject });
      document.head.append(script);
    });
    return loading;
  }
  async function signature(box) {
    box.dataset.ready = "1";
    const canvas = box.querySelector("canvas");
    const input = box.querySelector("input[type=hidden]");
    canvas.hidden = false;
    await library();
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    const pad = new window.SignaturePad(canvas, { penColor: "#123", minDistance: 3 });
    function fit() {
      const kept = pad.toData();
      canvas.width = canvas.offsetWidth * ratio;
      canvas.height = canvas.offsetHeight * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      pad.fromData(kept);
    }
    fit();
    addEventListener("resize", fit);
    pad.addEventListener("endStroke", () => {
      input.value = JSON.stringify(pad.toData().map((stroke) => stroke.points.map((p) => [Math.round(p.x), Math.round(p.y)])));
    });
    box.querySelector("[data-clear]").addEventListener("click", () => { pad.clear(); input.value = ""; });
  }

  // -- rows: one more like the last ------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    if (!add) return;
    const rows = add.closest("fieldset").querySelectorAll("tbody tr");
    const row = rows[rows.length - 1].cloneNode(true);
    row.querySelectorAll("[name]").forEach((field) => {
      field.name = field.name.replace(/-(\d+)-/, (_all, n) => `-${+n + 1}-`);
      if (field.type === "checkbox") field.checked = false;
      else if (field.tagName !== "SELECT") field.value = field.type === "number" && field.defaultValue === "1" ? "1" : "";
      field.classList.remove("is-invalid");
    });
    row.querySelectorAll(".field-error").forEach((error) => error.remove());
    rows[rows.length - 1].after(row);
    row.querySelector("[name]").focus();
  });

  // on a phone, and where a line is a card, three empty ones are a long way to scroll: one is shown, more when asked for
  function shorten(root) {
    const isNarrow = innerWidth < 768;
    const isEmpty = (row) => !row.querySelector(".is-invalid") && !row.querySelector("select, input:not([type=checkbox])").value;
    root.querySelectorAll("[data-add-row]:not([data-ready])").forEach((add) => {
      add.dataset.ready = "1";
      if (!isNarrow && !add.closest("fieldset").querySelector(".lines-wide")) return;
      const rows = [...add.closest("fieldset").querySelectorAll("tbody tr")];
      while (rows.length > 1 && isEmpty(rows.at(-1))) rows.pop().remove();
    });
  }

  // -- where I am: fills latitude and longitude --------------------------------------------------
  document.addEventListener("click", (event) => {
    const here = event.target.closest("[data-locate]");
    if (!here || !navigator.geolocation) return;
    navigator.geolocation.getCurrentPosition((at) => {
      const form = here.closest("form");
      form.elements[here.dataset.locate + "lat"].value = at.coords.latitude.toFixed(6);
      form.elements[here.dataset.locate + "lon"].value = at.coords.longitude.toFixed(6);
      here.lastChild.textContent = here.dataset.done;
      here.classList.add("is-done");
    }, () => window.baoxiu.toast(here.dataset.fail, "warning"), { timeout: 10000, enableHighAccuracy: true });
  });

  function dress(root) {
    files(root);
    shorten(root);
    root.querySelectorAll("[data-sign]:not([data-ready])").forEach(signature);
  }
  document.addEventListener("htmx:load", (event) => dress(event.detail.elt.parentElement || event.detail.elt));
  dress(document);
})();
