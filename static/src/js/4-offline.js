// A form marked data-offline brings the script that shows the numbers to call when there is no
// connection. It is kept to the pages of the report, and keeps nothing that anybody has written.
const offlineForm = document.querySelector("form[data-offline]");
if (offlineForm && "serviceWorker" in navigator) {
  navigator.serviceWorker.register(offlineForm.dataset.offline).catch(() => {});
}
