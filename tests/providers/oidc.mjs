// A real OpenID Connect provider on loopback: node oidc.mjs ACCOUNTS_FILE
//
// ACCOUNTS_FILE is JSON {login: {claim: value}}, read anew for each log-in. Two issuers run: one says everything
// in the ID token, one as the standard has it (claims by the userinfo endpoint alone). Clients register
// themselves; PKCE is demanded of them. The first line printed is JSON: {"idToken": issuer, "userinfo": issuer}.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

import Provider from "oidc-provider";

const accounts = process.argv[2];
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "portal-tests" };

function findAccount(_context, login) {
  const known = JSON.parse(readFileSync(accounts, "utf8"))[login];
  return known && { accountId: login, claims: () => ({ sub: login, ...known }) };
}

async function startIssuer(conformIdTokenClaims) {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    findAccount,
    conformIdTokenClaims,
    jwks: { keys: [key] },
    cookies: { keys: [randomBytes(16).toString("hex")] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "employee_number"] },
    features: { devInteractions: { enabled: true }, registration: { enabled: true } },
    pkce: { required: () => true },
  });
  server.on("request", provider.callback());
  return issuer;
}

const issuers = { idToken: await startIssuer(false), userinfo: await startIssuer(true) };
process.stdout.write(`${JSON.stringify(issuers)}\n`);
