// A part that htmx renews every few seconds must not be read aloud each time: its sentence is
// copied into the page's one polite live region, and only when it has changed.
function copyStatus() {
  const told = document.getElementById("status-told");
  const source = document.querySelector("[data-status]");
  if (told && source && told.textContent !== source.dataset.status) {
    told.textContent = source.dataset.status;
  }
}

document.addEventListener("htmx:afterSettle", copyStatus);
