// Making and showing passkeys: the form says what to ask for, and is sent with the answer.
const form = document.querySelector("form[data-passkey]");
const problem = document.getElementById("passkey-problem");

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const ask = async (path) => {
  const headers = { "Content-Type": "application/json", "X-Xueji": "1" };
  const reply = await fetch(path, { method: "POST", headers, body: "{}" });
  if (reply.status === 401 && form.dataset.confirm) location.assign(form.dataset.confirm);
  if (!reply.ok) throw new Error(String(reply.status));
  return reply.json();
};

const known = (list) => (list || []).map((one) => Object.assign(one, { id: bytes(one.id) }));

const make = async (options) => {
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  options.excludeCredentials = known(options.excludeCredentials);
  return navigator.credentials.create({ publicKey: options });
};

const show = async (options) => {
  options.challenge = bytes(options.challenge);
  options.allowCredentials = known(options.allowCredentials);
  return navigator.credentials.get({ publicKey: options });
};

const told = (made) => {
  const response = {};
  ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach((name) => {
    if (made.response[name]) response[name] = text(made.response[name]);
  });
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
};

const begin = async (event) => {
  if (form.elements.credential.value) return;
  event.preventDefault();
  problem.hidden = true;
  try {
    const options = await ask(form.dataset.passkey);
    const made = await (form.dataset.make ? make(options) : show(options));
    form.elements.credential.value = told(made);
    form.submit();
  } catch (error) {
    problem.hidden = false;
  }
};

if (form && window.PublicKeyCredential && navigator.credentials) {
  form.hidden = false;
  form.addEventListener("submit", begin);
}
