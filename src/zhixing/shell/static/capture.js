/* The form of a session: what was begun stays on this device until it is handed in, and the list says how many are
   present. The form works without this file. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  const name = form && form.dataset.draft ? `zhixing-draft:${form.dataset.draft}` : "";
  const SKIP = new Set(["csrfmiddlewaretoken", "show"]);

  const read = (key) => {
    try { return JSON.parse(localStorage.getItem(key) || "null"); } catch { return null; }
  };
  const drop = (key) => { try { localStorage.removeItem(key); } catch { /* storage may be shut off */ } };

  // The session's page tells which form was handed in; its draft goes.
  const handed = document.querySelector("[data-handed]");
  if (handed) {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith("zhixing-draft:") && (read(key) || {}).code === handed.dataset.handed) drop(key);
      }
    } catch { /* storage may be shut off */ }
  }
  if (!form) return;

  const count = () => {
    const place = form.querySelector("[data-count]"), rows = form.querySelectorAll(".taps > div");
    if (!place || !rows.length) return;
    const away = form.querySelectorAll('.taps input:checked[value="leave"], .taps input:checked[value="absent"]').length;
    place.textContent = `${rows.length - away} / ${rows.length} ${form.dataset.present}`;
  };
  const keep = () => {
    if (!name) return;
    const cells = [...new FormData(form)].filter(([key, value]) => !SKIP.has(key) && typeof value === "string");
    const now = new Date();
    try {
      localStorage.setItem(name, JSON.stringify({ code: form.elements.code.value, at: now.toISOString(), cells, url: location.href }));
    } catch { return; }
    const said = form.querySelector("[data-kept]");
    if (said) said.textContent = now.toTimeString().slice(0, 5);
  };
  const fill = (cells) => {
    for (const [key, value] of cells) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(key)}"]`)) {
        if (field.type === "radio") field.checked = field.value === value;
        else if (field.type !== "hidden" || key === "code" || key === "planned") field.value = value;
      }
    }
    count();
  };

  form.addEventListener("input", () => { keep(); count(); });
  document.addEventListener("htmx:afterSwap", () => { count(); if (waiting) { fill(waiting); waiting = null; } });
  form.addEventListener("submit", (event) => {
    keep();
    if (navigator.onLine) return;
    event.preventDefault();
    form.querySelector("[data-network]").textContent = form.dataset.offline;
  });

  let waiting = null;
  const bar = document.querySelector("[data-draft-bar]"), draft = name && read(name);
  if (bar && draft && draft.code !== form.elements.code.value) {
    bar.hidden = false;
    bar.querySelector("[data-draft-when]").textContent = new Date(draft.at).toLocaleString();
    bar.querySelector("[data-draft-take]").addEventListener("click", () => {
      fill(draft.cells);
      bar.hidden = true;
      waiting = draft.cells;  // the list and the further questions of that kind come first
      form.elements.roster.dispatchEvent(new Event("change", { bubbles: true }));
    });
    bar.querySelector("[data-draft-drop]").addEventListener("click", () => { drop(name); bar.hidden = true; });
  }
  count();
})();
