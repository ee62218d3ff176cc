"""An ID token lets somebody in only when it was signed by the provider, for us, now, and for this very log-in."""

import hmac
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from jwt.algorithms import RSAAlgorithm

from organisation.login.oidc import checked_claims, nonce_of
from organisation.login.refusals import ProviderFault
from tests.providers.keys import make_key

ISSUER, CLIENT, NONCE = "https://login.exempelby.example.se", "portal", nonce_of("a state")
KEY, STRANGER = make_key(), make_key()


def published(key, kid: str = "one", **more) -> dict:
    return {"keys": [json.loads(RSAAlgorithm.to_jwk(key.public_key())) | {"kid": kid, "use": "sig"} | more]}


def encoded(part: dict) -> str:
    return jwt.utils.base64url_encode(json.dumps(part).encode()).decode()


def token(key=KEY, *, algorithm: str = "RS256", kid: str | None = "one", without: str = "", **changed) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": CLIENT, "sub": "anna", "iat": 0, "exp": 300, "nonce": NONCE} | changed
    # Times are said in seconds from now.
    claims |= {"iat": now + claims["iat"], "exp": now + claims["exp"]}
    claims.pop(without, None)
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid} if kid else None)


def check(id_token, keys=None, **asked) -> dict:
    wanted = {"issuer": ISSUER, "client_id": CLIENT, "nonce": NONCE} | asked
    return checked_claims(id_token, keys or published(KEY), **wanted)


def test_a_sound_token_is_believed():
    assert check(token(employee_number="1001"))["employee_number"] == "1001"


def test_without_a_key_id_the_only_key_is_meant():
    assert check(token(kid=None))["sub"] == "anna"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://login.grannby.example.se"},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": -120},
        {"iat": 600},
        {"nonce": nonce_of("another state")},
        {"nonce": ""},
    ],
    ids=["issuer", "audience", "several, no party", "several, other party", "expired", "to come", "nonce", "no nonce"],
)
def test_one_that_is_not_for_this_log_in_is_refused(changed):
    with pytest.raises(ProviderFault):
        check(token(**changed))


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "iat", "exp", "nonce"])
def test_one_that_lacks_something_is_refused(missing):
    with pytest.raises(ProviderFault):
        check(token(without=missing))


def test_several_receivers_are_fine_when_we_are_the_party():
    assert check(token(aud=[CLIENT, "another"], azp=CLIENT))["sub"] == "anna"


class TestSignature:
    def test_a_strangers_signature_is_refused(self):
        with pytest.raises(ProviderFault):
            check(token(STRANGER))

    def test_changed_words_are_refused(self):
        head, body, signature = token().split(".")
        other = token(sub="berit").split(".")[1]
        assert body != other
        with pytest.raises(ProviderFault):
            check(f"{head}.{other}.{signature}")

    def test_no_signature_is_refused(self):
        with pytest.raises(ProviderFault):
            check(token("", algorithm="none"))

    def test_the_public_key_as_a_shared_secret_is_refused(self):
        """An old trick: the token itself asks to be checked with a key that everybody knows."""
        public = KEY.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        head, body = ({"alg": "HS256", "kid": "one"}, jwt.decode(token(), options={"verify_signature": False}))
        told = ".".join(encoded(part) for part in (head, body))
        signature = hmac.digest(public, told.encode(), "sha256")
        with pytest.raises(ProviderFault):
            check(f"{told}.{jwt.utils.base64url_encode(signature).decode()}")

    def test_a_key_that_is_not_published_is_refused(self):
        with pytest.raises(ProviderFault):
            check(token(kid="two"))

    def test_a_key_for_encryption_signs_nothing(self):
        with pytest.raises(ProviderFault):
            check(token(), published(KEY, use="enc"))

    @pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": [{"kty": "strange"}]}])
    def test_no_keys_at_all_is_refused(self, keys):
        with pytest.raises(ProviderFault):
            check(token(), keys or {"keys": []})

    def test_another_kind_of_key_than_the_token_says_is_refused(self):
        with pytest.raises(ProviderFault):
            check(f"{encoded({'alg': 'ES256', 'kid': 'one'})}.{encoded({})}.AAAA")


@pytest.mark.parametrize("nonsense", [None, "", "a.b.c", "no token", 7, {"id_token": "x"}])
def test_what_is_no_token_is_refused(nonsense):
    with pytest.raises(ProviderFault):
        check(nonsense)


def test_the_nonce_is_ours_alone(settings):
    """Another installation, with another key, would make another one of the same state."""
    ours = nonce_of("a state")
    settings.SECRET_KEY = "another key"
    assert nonce_of("a state") != ours
