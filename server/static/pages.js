// Comfort only: every page works without this file.
"use strict";

// “/” puts the focus into the search field.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById("q").focus();
  }
});

// An address gets a button that copies it.
for (const place of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(place.querySelector("code").textContent);
    button.textContent = "copied";
  });
  place.append(" ", button);
}

// A fragment opens the line it names, and marks every part of a span that another one cuts.
function follow() {
  const name = decodeURIComponent(location.hash.slice(1));
  for (const part of document.querySelectorAll(".evidence.here")) part.classList.remove("here");
  if (!name) return;
  const target = document.getElementById(name);
  if (!target) return;
  const fold = target.querySelector(":scope > details");
  if (fold) {
    const outer = target.closest("details.rest");
    if (outer) outer.open = true;
    fold.open = true;
    target.scrollIntoView();
  }
  for (const part of document.getElementsByClassName(name)) part.classList.add("here");
}
window.addEventListener("hashchange", follow);
follow();

// A claim in the side list lights up its words in the text.
for (const item of document.querySelectorAll("[data-marks]")) {
  const light = (on) => {
    for (const name of item.dataset.marks.split(" ")) {
      if (!name) continue;
      for (const part of document.getElementsByClassName(name)) part.classList.toggle("lit", on);
    }
  };
  item.addEventListener("mouseenter", () => light(true));
  item.addEventListener("mouseleave", () => light(false));
  item.addEventListener("focusin", () => light(true));
  item.addEventListener("focusout", () => light(false));
}
