"""Real identity providers, run on loopback: OpenID Connect (oidc.mjs) and SAML (saml.mjs)."""
