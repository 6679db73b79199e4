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
