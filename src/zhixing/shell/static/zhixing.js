/* What the pages do beyond links and forms: arrow keys in the board, the drawer's focus, and menus that
   shut. Every page works without this file. */
(() => {
  "use strict";
  const drawer = () => document.getElementById("drawer");
  let opener = null;

  const shut = () => {
    const open = drawer();
    if (!open || !open.firstChild) return false;
    open.replaceChildren();
    if (opener && opener.isConnected) opener.focus();
    return true;
  };

  const step = (cell, key) => {
    const row = cell.closest("tr"), at = cell.closest("td, th").cellIndex;
    const link = (r, n) => r && r.cells[n] && r.cells[n].querySelector("a");
    if (key === "ArrowLeft") return link(row, at - 1);
    if (key === "ArrowRight") return link(row, at + 1);
    let next = row;
    do next = key === "ArrowUp" ? next.previousElementSibling : next.nextElementSibling;
    while (next && !link(next, at));
    return link(next, at);
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      if (shut()) return;
      document.querySelectorAll("details.menu[open], .bottom details[open]").forEach((menu) => { menu.open = false; });
    }
    const cell = event.target.closest && event.target.closest(".board tbody a");
    if (cell && event.key.startsWith("Arrow")) {
      const next = step(cell, event.key);
      if (next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: "nearest", inline: "nearest" }); }
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-shut]") && shut()) event.preventDefault();
    document.querySelectorAll("details.menu[open], .bottom details[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-go]")) event.target.form.requestSubmit();
  });

  // A form whose file takes a while says so, and is sent once. The file leaves the page where it is; that it has
  // come is told by a cookie of the name that was sent along.
  const rest = (form, button, label, words) => {
    form.removeAttribute("aria-busy");
    button.textContent = label;
    const status = form.parentElement.querySelector("[data-waits]");
    if (status) status.textContent = words;
  };
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (!form.matches("form[data-working]") || !button) return;
    if (form.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
    const word = Math.random().toString(36).slice(2, 14), label = button.textContent, until = Date.now() + 180000;
    const told = form.elements.told || form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "told" }));
    told.value = word;
    form.setAttribute("aria-busy", "true");
    button.textContent = form.dataset.working;
    const status = form.parentElement.querySelector("[data-waits]");
    if (status) status.textContent = status.dataset.waits;
    const look = setInterval(() => {
      const come = document.cookie.includes(`made-${word}=`);
      if (!come && Date.now() < until) return;
      clearInterval(look);
      document.cookie = `made-${word}=; max-age=0; path=/`;
      rest(form, button, label, come ? form.dataset.done : "");
    }, 300);
    addEventListener("pageshow", () => { clearInterval(look); rest(form, button, label, ""); }, { once: true });
  });

  document.addEventListener("htmx:beforeRequest", (event) => { opener = event.detail.elt; });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "drawer") return;
    const heading = event.detail.target.querySelector("h1");
    if (heading) { heading.tabIndex = -1; heading.focus(); }
  });
  // A drawer that cannot be filled (signed out, no network) opens as the page it also is.
  for (const name of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(name, (event) => {
      const url = event.detail.elt.getAttribute("href");
      if (url) location.assign(url);
    });
  }
  const summary = document.querySelector(".summary");
  if (summary) summary.focus();
})();
