/* Small comforts of the console; each page works without them. */

(() => {
  "use strict";

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
