// A form marked data-send is not lost when the connection is: we ask whether the portal answers,
// say "not sent yet" while it does not, and send when it does. The form's submission key makes a
// second sending harmless. Without script the form is simply sent.
const ANSWER_WITHIN = 4000;
const ASK_AGAIN_AFTER = 5000;

async function portalAnswers(address) {
  try {
    await fetch(address, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(ANSWER_WITHIN) });
    return true;
  } catch {
    return false;
  }
}

function sendWhenConnected(form) {
  const unsent = form.querySelector(".tp-unsent");
  let waiting = false;

  async function attempt(submitter) {
    if (await portalAnswers(form.dataset.send)) {
      waiting = false;
      form.dataset.connected = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.connected;
      return;
    }
    if (unsent) {
      unsent.hidden = false;
    }
    setTimeout(() => attempt(submitter), ASK_AGAIN_AFTER);
  }

  form.addEventListener("submit", (event) => {
    if (form.dataset.connected) {
      return;
    }
    event.preventDefault();
    if (!waiting) {
      waiting = true;
      attempt(event.submitter);
    }
  });
}

if (typeof AbortSignal.timeout === "function") {
  document.querySelectorAll("form[data-send]").forEach(sendWhenConnected);
}
