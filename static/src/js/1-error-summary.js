// GOV.UK's components ask for this class before they start (their own page sets it inline).
document.body.classList.add("js-enabled", "govuk-frontend-supported");

function startErrorSummary(root) {
  const summary = root.querySelector('[data-module="govuk-error-summary"]:not([data-govuk-error-summary-init])');
  if (summary) {
    new ErrorSummary(summary);
  }
}

startErrorSummary(document);
document.addEventListener("htmx:afterSwap", (event) => startErrorSummary(event.target.parentElement ?? document));
