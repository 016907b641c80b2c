// On a shared device: return to the page for codes, which forgets the person before.
"use strict";

(() => {
  const IDLE_SECONDS = 60;
  const END_SECONDS = 10; // long enough to read the thank-you page
  const { start } = document.currentScript.dataset;
  const isEnd = document.querySelector("[data-forget]") !== null;
  let timer = null;

  function leave() {
    location.replace(start);
  }

  function restart() {
    clearTimeout(timer);
    timer = setTimeout(leave, (isEnd ? END_SECONDS : IDLE_SECONDS) * 1000);
  }

  if (!isEnd) {
    for (const sign of ["pointerdown", "keydown", "scroll", "change"]) {
      window.addEventListener(sign, restart, { passive: true });
    }
  }
  restart();
})();
