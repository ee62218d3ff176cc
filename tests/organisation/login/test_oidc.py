"""Log-in by OpenID Connect at a real provider (oidc-provider), without a browser: who gets in, and what is refused."""

import logging
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.urls import reverse

from organisation.login import matching
from organisation.login.providers import login_address
from organisation.models import User
from organisation.services.login_providers import renew_secret, set_active
from safety_portal.logs import JsonFormatter
from tests.factories.login import BY_EMAIL, make_oidc_provider
from tests.factories.organisation import make_user
from tests.organisation.login.walking import PORTAL, by_oidc, callback_of, leave_for, oidc_answer, who_is_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(town, add_oidc):
    return add_oidc(town.municipality)


@pytest.fixture
def known(providers, anna):
    """Anna, as the provider knows her."""
    providers.know("anna.exempel", employee_number="1001", name="Anna Exempel", email=anna.email)
    return anna


def sent(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


class TestGettingIn:
    def test_the_person_with_that_id_is_logged_in(self, client, provider, known):
        answer = by_oidc(client, provider, "anna.exempel")
        assert (answer.status_code, answer["Location"]) == (302, reverse("home"))
        assert who_is_in(client) == known.pk

    def test_claims_by_the_userinfo_endpoint_count_too(self, client, town, providers, add_oidc, known):
        provider = add_oidc(town.municipality, issuer=providers.userinfo_issuer)
        by_oidc(client, provider, "anna.exempel")
        assert who_is_in(client) == known.pk

    def test_an_e_mail_address_in_other_case_is_the_same(self, client, town, providers, add_oidc, anna):
        providers.know("anna", email="ANNA@exempelby.example.SE", email_verified=True)
        by_oidc(client, add_oidc(town.municipality, claim="email", matched_by=BY_EMAIL), "anna")
        assert who_is_in(client) == anna.pk

    def test_it_leads_on_to_the_page_that_was_asked_for(self, client, provider, known):
        answer = by_oidc(client, provider, "anna.exempel", next_url="/help/")
        assert answer["Location"] == "/help/"

    def test_nothing_of_the_provider_is_kept(self, client, provider, known):
        by_oidc(client, provider, "anna.exempel")
        kept = User.objects.get(pk=known.pk)
        assert (kept.name, kept.email, kept.has_usable_password()) == (known.name, known.email, True)
        assert not SocialAccount.objects.exists()
        assert not SocialToken.objects.exists()
        assert not EmailAddress.objects.exists()

    def test_the_session_is_a_new_one(self, client, provider, known):
        client.get(reverse("account_login"))
        address = leave_for(client, provider)
        before = client.session.session_key
        client.get(oidc_answer(address, "anna.exempel"))
        assert client.session.session_key != before

    def test_somebody_else_who_was_logged_in_is_logged_out_first(self, client, town, provider, known):
        client.force_login(town.head, backend="organisation.access.ScopeBackend")
        by_oidc(client, provider, "anna.exempel")
        assert who_is_in(client) == known.pk


class TestWhoIsRefused:
    def refused(self, client, answer) -> str:
        assert answer.status_code == 403
        assert who_is_in(client) is None
        return answer.content.decode()

    def test_somebody_unknown_is_told_what_to_do_and_not_added(self, client, providers, provider, anna):
        providers.know("ny", employee_number="5555", email=anna.email, email_verified=True)
        before = User.objects.count()
        page = self.refused(client, by_oidc(client, provider, "ny"))
        assert provider.name in page
        assert User.objects.count() == before

    @pytest.mark.parametrize("claims", [{}, {"employee_number": ["1001"]}, {"employee_number": ""}])
    def test_a_claim_that_is_missing_a_list_or_empty(self, client, providers, provider, anna, claims):
        providers.know("anna", email=anna.email, **claims)
        self.refused(client, by_oidc(client, provider, "anna"))

    def test_a_person_who_has_left(self, client, provider, known):
        User.objects.filter(pk=known.pk).update(is_active=False)
        self.refused(client, by_oidc(client, provider, "anna.exempel"))

    def test_a_person_of_the_neighbour(self, client, providers, provider, neighbour):
        make_user(neighbour.municipality, "Berit Granne", external_id="7007")
        providers.know("berit", employee_number="7007")
        self.refused(client, by_oidc(client, provider, "berit"))

    def test_the_neighbours_provider_that_asserts_her_e_mail(self, client, providers, neighbour, add_oidc, known):
        theirs = add_oidc(neighbour.municipality, name="Grannby", claim="email", matched_by=BY_EMAIL)
        providers.know("granne", employee_number="1001", email=known.email, email_verified=True)
        self.refused(client, by_oidc(client, theirs, "granne"))

    def test_control_without_the_municipality_she_would_be_let_in(
        self, client, providers, neighbour, add_oidc, known, monkeypatch
    ):
        class Anywhere:
            class objects:  # noqa: N801
                @staticmethod
                def filter(*, municipality, **rest):
                    return User.objects.filter(**rest)

        monkeypatch.setattr(matching, "User", Anywhere)
        theirs = add_oidc(neighbour.municipality, name="Grannby", claim="email", matched_by=BY_EMAIL)
        providers.know("granne", employee_number="1001", email=known.email, email_verified=True)
        by_oidc(client, theirs, "granne")
        assert who_is_in(client) == known.pk

    def test_a_stored_link_to_somebody_else(self, client, town, provider, known):
        SocialAccount.objects.create(user=town.head, provider=str(provider.public_id), uid="anna.exempel")
        self.refused(client, by_oidc(client, provider, "anna.exempel"))

    def test_a_stored_link_alone_lets_nobody_in(self, client, providers, provider, known):
        SocialAccount.objects.create(user=known, provider=str(provider.public_id), uid="anna.exempel")
        providers.know("anna.exempel", employee_number="5555")
        self.refused(client, by_oidc(client, provider, "anna.exempel"))


class TestProtocol:
    def test_state_nonce_and_pkce_go_along(self, client, provider, known):
        asked = sent(leave_for(client, provider))
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == callback_of(provider)
        assert {"openid", "email", "profile"} == set(asked["scope"].split())
        assert len(asked["state"]) >= 32
        assert len(asked["nonce"]) == 64

    def test_nothing_but_where_to_go_can_be_said_in_the_address(self, client, provider, known):
        """Not another purpose (tying accounts), and no parameter for the provider."""
        client.get(login_address(provider), {"process": "connect"})
        answer = client.get(
            login_address(provider),
            {"process": "connect", "scope": "admin", "auth_params": "redirect_uri=https://evil.example&nonce=x"},
        )
        asked = sent(answer["Location"])
        assert asked["redirect_uri"] == callback_of(provider)
        assert asked["nonce"] != "x"
        assert "admin" not in asked["scope"]
        client.get(oidc_answer(answer["Location"], "anna.exempel"))
        assert who_is_in(client) == known.pk
        assert not SocialAccount.objects.exists()

    @pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_it_never_leads_on_to_somewhere_else(self, client, provider, known, where):
        answer = by_oidc(client, provider, "anna.exempel", next_url=where)
        assert answer["Location"] == reverse("home")

    def test_another_browser_gets_nowhere_with_the_answer(self, client, provider, known):
        back = oidc_answer(leave_for(client, provider), "anna.exempel")
        stranger = Client()
        assert stranger.get(back).status_code == 403
        assert who_is_in(stranger) is None

    def test_an_answer_is_taken_once(self, client, provider, known):
        back = oidc_answer(leave_for(client, provider), "anna.exempel")
        client.get(back)
        client.logout()
        assert client.get(back).status_code == 403
        assert who_is_in(client) is None

    def test_an_answer_of_one_provider_is_not_taken_at_another(self, client, town, provider, add_oidc, known):
        other = add_oidc(town.municipality, name="Den andra")
        back = oidc_answer(leave_for(client, provider), "anna.exempel")
        assert client.get(back.replace(str(provider.public_id), str(other.public_id))).status_code == 403
        assert who_is_in(client) is None

    def test_a_token_for_another_log_in_is_refused(self, client, provider, known, monkeypatch):
        """The nonce: with a token that was made for another state, nobody gets in."""
        back = oidc_answer(leave_for(client, provider), "anna.exempel")
        monkeypatch.setattr("organisation.login.oidc.nonce_of", lambda state: "of another")
        assert client.get(back).status_code == 403
        assert who_is_in(client) is None

    def test_breaking_off_is_told_calmly(self, client, provider):
        state = sent(leave_for(client, provider))["state"]
        answer = client.get(callback_of(provider), {"state": state, "error": "access_denied"})
        assert answer.status_code == 403
        assert who_is_in(client) is None

    def test_a_wrong_secret_is_a_fault(self, client, provider, known):
        back = oidc_answer(leave_for(client, provider), "anna.exempel")
        renew_secret(provider=provider, secret="en annan")
        assert client.get(back).status_code == 403
        assert who_is_in(client) is None

    def test_a_secret_sealed_with_a_lost_key_is_a_fault(self, client, provider, settings):
        settings.SECRET_KEY = "another key"
        assert client.get(login_address(provider)).status_code == 403

    def test_a_provider_that_does_not_answer_is_told(self, client, town):
        provider = make_oidc_provider(town.municipality, issuer="http://127.0.0.1:9")
        assert client.get(login_address(provider)).status_code == 403

    def test_one_that_says_it_is_another_is_not_believed(self, client, town, providers):
        """``localhost`` answers as 127.0.0.1 does, but is not the issuer that it names."""
        elsewhere = providers.issuer.replace("127.0.0.1", "localhost")
        provider = make_oidc_provider(town.municipality, issuer=elsewhere)
        assert client.get(login_address(provider)).status_code == 403

    def test_the_secret_lies_sealed(self, provider):
        kept = str(provider.app.settings) + provider.app.secret
        assert "sealed_secret" in kept
        assert provider.app.secret == ""


class TestClosed:
    def test_a_closed_provider_is_not_there(self, client, provider):
        set_active(provider=provider, active=False)
        assert client.get(login_address(provider)).status_code == 404

    def test_nor_does_it_take_answers_any_more(self, client, provider, known):
        back = oidc_answer(leave_for(client, provider), "anna.exempel")
        set_active(provider=provider, active=False)
        assert client.get(back).status_code == 404
        assert who_is_in(client) is None

    def test_nor_an_unknown_one(self, client):
        unknown = "0190163d-8694-739b-aea5-966c26f8ad91"
        assert client.get(f"/account/oidc/{unknown}/login/").status_code == 404
        assert client.get(f"/account/saml/{unknown}/login/").status_code == 404

    def test_nor_one_that_speaks_otherwise(self, client, provider):
        assert client.get(login_address(provider).replace("/oidc/", "/saml/")).status_code == 404

    @pytest.mark.parametrize(
        "path", ["/account/signup/", "/account/3rdparty/", "/account/social/connections/", "/account/email/"]
    )
    def test_the_librarys_pages_for_tying_and_signing_up_are_not_there(self, client, town, path):
        client.force_login(town.head, backend="organisation.access.ScopeBackend")
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


def test_the_log_says_what_happened_and_of_nobody(client, providers, provider, anna, caplog):
    caplog.set_level(logging.DEBUG)
    private = {"employee_number": "55555555", "email": "hemlig@exempelby.example.se", "name": "Hemlig Person"}
    providers.know("okänd", **private)
    by_oidc(client, provider, "okänd")
    told = [record for record in caplog.records if record.name == "organisation.login.refusals"]
    assert [(record.error, record.provider) for record in told] == [("unknown_person", str(provider.public_id))]
    # What the test's own HTTP client logs is not the portal's.
    lines = [JsonFormatter().format(record) for record in caplog.records if not record.name.startswith("urllib3")]
    assert not [line for line in lines for word in (*private.values(), "okänd") if word in line]


def test_the_provider_demands_pkce_of_its_clients(providers, provider):
    """The test's own provider would refuse a log-in without it: PKCE is used and not only said."""
    asked = {"client_id": provider.app.client_id, "response_type": "code", "redirect_uri": callback_of(provider)}
    answer = requests.get(
        f"{providers.issuer}/auth", params=asked | {"scope": "openid"}, allow_redirects=False, timeout=10
    )
    assert "error=invalid_request" in answer.headers["Location"]
    assert answer.headers["Location"].startswith(PORTAL)


def test_its_tokens_are_signed(client, providers, provider, known):
    """What the portal checks is a real signature by a published key."""
    keys = requests.get(f"{providers.issuer}/jwks", timeout=10).json()
    assert jwt.PyJWKSet.from_dict(keys).keys
