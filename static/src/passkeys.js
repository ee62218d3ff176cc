// Passkeys: starts allauth's scripts from what stands in the page, since nothing there is inline.
//
// A button marked data-passkey="add", "authenticate" or "login" is hidden until the browser can use passkeys.
// Its form holds the hidden field "credential"; the element with id "passkey-options" the server's challenge.
const START = { add: "addForm", authenticate: "authenticateForm", login: "loginForm" };

function startPasskey(button) {
  const kind = button.dataset.passkey;
  const ids = { [kind]: button.id, credential: button.form.elements.credential.id };
  if (kind !== "login") {
    ids.data = "passkey-options";
  }
  if (button.form.elements.passwordless) {
    ids.passwordless = button.form.elements.passwordless.id;
  }
  window.allauth.webauthn.forms[START[kind]]({ ids });
  button.hidden = false;
}

function tell(id) {
  const told = document.getElementById(id);
  if (told) {
    told.hidden = false;
  }
}

document.addEventListener("allauth.error", (event) => {
  // Broken off, or no passkey for this address: nothing has gone wrong with the page.
  event.preventDefault();
  tell("passkey-failed");
});

if (window.webauthnJSON?.supported()) {
  document.querySelectorAll("[data-passkey]").forEach(startPasskey);
} else {
  tell("passkey-unsupported");
}
