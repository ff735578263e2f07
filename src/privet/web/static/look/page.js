/* Small comforts of the console; each page works without them. */

(() => {
  "use strict";

  /* On a low window the link to this page may lie below the navigation's edge. */
  const here = document.querySelector('.sidebar [aria-current="page"]');
  const bar = here?.closest(".sidebar");
  if (bar && here.getBoundingClientRect().bottom > bar.clientHeight) {
    bar.scrollTop = here.offsetTop - bar.clientHeight / 2;
  }

  const openFilters = () => document.querySelectorAll("details.filter[open]");

  document.addEventListener("click", (event) => {
    openFilters().forEach((filter) => {
      if (!filter.contains(event.target)) filter.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openFilters().forEach((filter) => {
      filter.open = false;
      filter.querySelector("summary").focus();
    });
  });
})();
