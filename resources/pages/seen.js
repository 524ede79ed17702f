(function () {
  var told = false, waiting = 0;
  function tell() {
    if (told || document.visibilityState !== "visible") return;
    told = true;
    navigator.sendBeacon(document.body.dataset.seen);
  }
  function watch() {
    clearTimeout(waiting);
    if (document.visibilityState === "visible") waiting = setTimeout(tell, 2000);
  }
  document.addEventListener("visibilitychange", watch);
  document.addEventListener("pointerdown", tell);
  document.addEventListener("keydown", tell);
  watch();
})();
