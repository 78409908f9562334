// All of the page can be read without this. It marks the chosen state in the graph, shows the start of a graph that is
// too wide for the page, and filters the list of executions.
function showChosen() {
  for (const link of document.querySelectorAll(".state > a")) {
    link.parentElement.classList.toggle("chosen", link.getAttribute("href") === location.hash);
  }
  for (const start of document.querySelectorAll(".dot.start:not(.seen)")) {
    const frame = start.closest(".scrolls");
    if (frame.clientWidth) {
      start.classList.add("seen");
      frame.scrollLeft += start.getBoundingClientRect().left - frame.getBoundingClientRect().left - frame.clientWidth / 2;
    }
  }
}
addEventListener("hashchange", showChosen);
showChosen();

const filter = document.querySelector("#filter");
if (filter) {
  filter.hidden = false;
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of document.querySelectorAll("#index tbody tr")) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });
}
