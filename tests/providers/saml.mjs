// A real SAML identity provider on loopback: node saml.mjs ACCOUNTS_FILE KEY_PEM CERT_PEM
//
// ACCOUNTS_FILE is JSON {login: {attribute: value, "_response": {option: value}}}, read anew for each log-in;
// "_response" overrides how the response is made (samlp's options: audience, signAssertion, lifetimeInSeconds …).
// The first line printed is JSON: {"entityId": …, "metadata": address}.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";

import samlp from "samlp";

const [accounts, keyFile, certFile] = process.argv.slice(2);
const key = readFileSync(keyFile);
const cert = readFileSync(certFile);
const UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

const escaped = (text) => String(text ?? "").replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const hidden = (name, value) => `<input type="hidden" name="${name}" value="${escaped(value)}">`;
const page = (title, body) => `<!DOCTYPE html><html lang="en"><title>${title}</title><h1>${title}</h1>${body}</html>`;

function loginPage({ SAMLRequest, RelayState }) {
  const kept = hidden("SAMLRequest", SAMLRequest) + hidden("RelayState", RelayState);
  return page("Log in at the municipality", `<form><label>User <input name="login"></label>${kept}<button>Go on</button></form>`);
}

function responsePage(address, response, relayState) {
  const kept = hidden("SAMLResponse", Buffer.from(response).toString("base64")) + hidden("RelayState", relayState);
  const send = "<script>document.forms[0].submit()</script>";
  return page("Going back", `<form method="post" action="${escaped(address)}">${kept}<button>Go on</button></form>${send}`);
}

function mapper(login, attributes) {
  return () => ({
    getClaims: () => attributes,
    getNameIdentifier: () => ({ nameIdentifier: login, nameIdentifierFormat: UNSPECIFIED }),
  });
}
// samlp asks the class, not an instance, for what stands in its metadata.
mapper.prototype.metadata = [];

function respond(query, request, answer) {
  const { _response: options = {}, ...attributes } = JSON.parse(readFileSync(accounts, "utf8"))[query.login];
  const made = {
    issuer: entityId,
    cert,
    key,
    audience: request.issuer,
    recipient: request.assertionConsumerServiceURL,
    destination: request.assertionConsumerServiceURL,
    inResponseTo: request.id,
    lifetimeInSeconds: 300,
    signatureAlgorithm: "rsa-sha256",
    digestAlgorithm: "sha256",
    profileMapper: mapper(query.login, attributes),
    ...options,
  };
  samlp.getSamlResponse(made, {}, (error, response) => {
    if (error) throw error;
    answer.end(responsePage(request.assertionConsumerServiceURL, response, query.RelayState));
  });
}

function sendMetadata(request, answer) {
  const tell = samlp.metadata({ issuer: entityId, cert, redirectEndpointPath: "/saml", profileMapper: mapper });
  const asExpress = Object.assign(answer, { set: answer.setHeader, send: answer.end });
  tell(Object.assign(request, { protocol: "http", originalUrl: request.url }), asExpress);
}

const server = createServer((request, answer) => {
  const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
  if (pathname === "/metadata") return sendMetadata(request, answer);
  const query = Object.fromEntries(searchParams);
  answer.setHeader("Content-Type", "text/html; charset=utf-8");
  if (!query.login) return answer.end(loginPage(query));
  return samlp.parseRequest({ query, method: "GET" }, (error, parsed) => {
    if (error) throw error;
    respond(query, parsed, answer);
  });
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const address = `http://127.0.0.1:${server.address().port}`;
const entityId = `${address}/entity`;
process.stdout.write(`${JSON.stringify({ entityId, metadata: `${address}/metadata` })}\n`);
