// Whatever is wider than its place and moves within it can be reached and moved by keyboard too.
"use strict";
(() => {
  const look = () => {
    for (const element of document.querySelectorAll("pre, .inspect-scroll, .table-wrapper, .inspect-picture")) {
      if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
      else if (!element.hasAttribute("aria-label")) element.removeAttribute("tabindex");
    }
  };
  window.addEventListener("load", look);
  window.addEventListener("resize", look);
  document.addEventListener("toggle", look, true);
})();
