// A form marked data-send is not lost when the connection is: we ask whether the portal answers,
// say "not sent yet" while it does not, and send when it does. The form's submission key makes a
// second sending harmless. Without script the form is simply sent.
//
// A form marked data-send-inside is sent from within the page by its last button, so that what was
// typed is still there when the answer gets lost on its way. An answer that leads elsewhere (the
// receipt) is followed; any other is a page to be shown, for which the form is sent as usual.
const ANSWER_WITHIN = 4000;
const TAKEN_WITHIN = 30000;
const OUT_OF_ORDER = 500;
const ASK_AGAIN_AFTER = 5000;

async function portalAnswers(address) {
  try {
    await fetch(address, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(ANSWER_WITHIN) });
    return true;
  } catch {
    return false;
  }
}

async function sentInside(form, submitter) {
  const body = new FormData(form, submitter);
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: form.enctype === "multipart/form-data" ? body : new URLSearchParams(body),
      cache: "no-store",
      signal: AbortSignal.timeout(TAKEN_WITHIN),
    });
    return answer.status < OUT_OF_ORDER ? answer : null;
  } catch {
    return null;
  }
}

function sendWhenConnected(form) {
  const unsent = form.querySelector(".tp-unsent");
  let waiting = false;

  async function reached(submitter) {
    if (form.dataset.sendInside === undefined || submitter?.value !== form.dataset.sendInside) {
      return portalAnswers(form.dataset.send);
    }
    const answer = await sentInside(form, submitter);
    if (answer?.redirected) {
      location.assign(answer.url);
      return "elsewhere";
    }
    return answer !== null;
  }

  async function attempt(submitter) {
    const there = await reached(submitter);
    if (there === "elsewhere") {
      return;
    }
    if (there) {
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
