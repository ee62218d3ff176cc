"""Log-in by SAML at a real provider (samlp), without a browser: who gets in, and which responses are refused."""

import base64
import re
from xml.etree import ElementTree

import pytest
import requests
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from organisation.login.providers import login_address
from organisation.login.refusals import ProviderFault
from organisation.login.saml import NAME_ID, read_metadata
from organisation.models import User
from tests.factories.login import BY_EMAIL
from tests.factories.organisation import make_user
from tests.organisation.login.walking import by_saml, leave_for, post_response, saml_answer, who_is_in
from tests.providers.keys import make_certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(town, add_saml):
    return add_saml(town.municipality)


@pytest.fixture
def known(providers, anna):
    """Anna, as the provider knows her."""
    providers.know("anna.exempel", employee_number="1001", mail=anna.email)
    return anna


def xml_of(posted: dict[str, str]) -> str:
    return base64.b64decode(posted["SAMLResponse"]).decode()


def with_xml(posted: dict[str, str], xml: str) -> dict[str, str]:
    return posted | {"SAMLResponse": base64.b64encode(xml.encode()).decode()}


class TestGettingIn:
    def test_the_person_with_that_id_is_logged_in(self, client, provider, known):
        answer = by_saml(client, provider, "anna.exempel")
        assert (answer.status_code, answer["Location"]) == (302, reverse("home"))
        assert who_is_in(client) == known.pk

    def test_an_e_mail_address_in_other_case_is_the_same(self, client, town, providers, add_saml, anna):
        providers.know("anna", mail="ANNA@exempelby.example.SE")
        by_saml(client, add_saml(town.municipality, claim="mail", matched_by=BY_EMAIL), "anna")
        assert who_is_in(client) == anna.pk

    def test_the_subjects_own_name_may_be_the_claim(self, client, town, providers, add_saml, anna):
        providers.know("1001", mail="nobody@example.se")
        by_saml(client, add_saml(town.municipality, claim=NAME_ID), "1001")
        assert who_is_in(client) == anna.pk

    def test_it_leads_on_to_the_page_that_was_asked_for(self, client, provider, known):
        assert by_saml(client, provider, "anna.exempel", next_url="/help/")["Location"] == "/help/"

    def test_it_never_leads_on_to_somewhere_else(self, client, provider, known):
        answer = by_saml(client, provider, "anna.exempel", next_url="https://evil.example/")
        assert answer["Location"] == reverse("home")

    def test_the_response_is_kept_no_longer_than_needed(self, client, provider, known):
        by_saml(client, provider, "anna.exempel")
        assert not [kept for kept in Session.objects.all() if "request" in kept.get_decoded()]


class TestWhoIsRefused:
    @pytest.mark.parametrize("attributes", [{}, {"employee_number": ["1001", "1002"]}, {"employee_number": ""}])
    def test_an_attribute_that_is_missing_twofold_or_empty(self, client, providers, provider, anna, attributes):
        providers.know("anna", mail=anna.email, **attributes)
        assert by_saml(client, provider, "anna").status_code == 403
        assert who_is_in(client) is None

    def test_a_person_of_the_neighbour(self, client, providers, provider, neighbour):
        make_user(neighbour.municipality, "Berit Granne", external_id="7007")
        providers.know("berit", employee_number="7007")
        assert by_saml(client, provider, "berit").status_code == 403
        assert who_is_in(client) is None

    def test_the_neighbours_provider_that_asserts_her_e_mail(self, client, providers, neighbour, add_saml, known):
        theirs = add_saml(neighbour.municipality, claim="mail", matched_by=BY_EMAIL)
        assert by_saml(client, theirs, "anna.exempel").status_code == 403
        assert who_is_in(client) is None

    def test_a_person_who_has_left(self, client, provider, known):
        User.objects.filter(pk=known.pk).update(is_active=False)
        assert by_saml(client, provider, "anna.exempel").status_code == 403


class TestResponses:
    """Each differs from a good one in one thing alone."""

    def refused(self, client, provider, posted) -> None:
        answer = post_response(client, provider, posted)
        assert answer.status_code == 403
        assert who_is_in(client) is None

    def answered(self, client, provider, providers, **options) -> dict[str, str]:
        providers.know("anna.exempel", employee_number="1001", _response=options)
        return saml_answer(leave_for(client, provider), "anna.exempel")

    def test_unsigned(self, client, provider, providers, known):
        posted = self.answered(client, provider, providers, signAssertion=False)
        assert "<Signature" not in xml_of(posted)
        self.refused(client, provider, posted)

    def test_signed_around_an_assertion_that_is_not(self, client, provider, providers, known):
        self.refused(
            client, provider, self.answered(client, provider, providers, signAssertion=False, signResponse=True)
        )

    def test_signed_by_somebody_else(self, client, town, provider, providers, known):
        provider.app.settings["certificates"] = [make_certificate()[1]]
        provider.app.save()
        self.refused(client, provider, self.answered(client, provider, providers))

    def test_signed_by_an_outdated_way(self, client, provider, providers, known):
        weak = {"signatureAlgorithm": "rsa-sha1", "digestAlgorithm": "sha1"}
        self.refused(client, provider, self.answered(client, provider, providers, **weak))

    def test_tampered_with(self, client, town, provider, providers, known):
        make_user(town.municipality, "Berit Exempel", external_id="1002")
        posted = self.answered(client, provider, providers)
        assert "1001" in xml_of(posted)
        self.refused(client, provider, with_xml(posted, xml_of(posted).replace("1001", "1002")))

    def test_an_unsigned_assertion_slipped_in_beside_the_signed_one(self, client, town, provider, providers, known):
        """Signature wrapping: the checked assertion must be the one that is read."""
        make_user(town.municipality, "Berit Exempel", external_id="1002")
        posted = self.answered(client, provider, providers)
        signed = re.search(r"<saml:Assertion.*</saml:Assertion>", xml_of(posted), re.DOTALL)[0]
        forged = re.sub(r"<Signature.*</Signature>", "", signed, flags=re.DOTALL).replace("1001", "1002")
        forged = re.sub(r' ID="[^"]+"', ' ID="_forged"', forged, count=1)
        self.refused(client, provider, with_xml(posted, xml_of(posted).replace(signed, forged + signed)))

    def test_expired(self, client, provider, providers, known):
        self.refused(client, provider, self.answered(client, provider, providers, lifetimeInSeconds=-600))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"audience": "https://another.example.se"},
            {"audience": ""},
            {"issuer": "https://another.example.se/entity"},
            {"destination": "https://another.example.se/acs/"},
            {"recipient": "https://another.example.se/acs/"},
        ],
        ids=["audience", "no audience", "issuer", "destination", "recipient"],
    )
    def test_meant_for_or_made_by_somebody_else(self, client, provider, providers, known, wrong):
        self.refused(client, provider, self.answered(client, provider, providers, **wrong))

    def test_answering_no_request_of_ours(self, client, provider, providers, known):
        """Log-in that the provider begins is off: such an assertion could be anybody's."""
        self.refused(client, provider, self.answered(client, provider, providers, inResponseTo="_another"))
        self.refused(client, provider, self.answered(client, provider, providers, inResponseTo=""))

    def test_an_old_assertion_in_a_new_envelope(self, client, provider, providers, known):
        """The response's own InResponseTo is not signed; that of the assertion counts."""
        old = self.answered(client, provider, providers)
        first = re.search(r'InResponseTo="([^"]+)"', xml_of(old))[1]
        fresh = self.answered(client, provider, providers)
        second = re.search(r'InResponseTo="([^"]+)"', xml_of(fresh))[1]
        rewrapped = xml_of(old).replace(f'InResponseTo="{first}"', f'InResponseTo="{second}"', 1)
        assert rewrapped.count(second) == 1
        self.refused(client, provider, with_xml(old, rewrapped))

    def test_replayed(self, client, provider, providers, known):
        posted = self.answered(client, provider, providers)
        post_response(client, provider, posted)
        assert who_is_in(client) == known.pk
        client.logout()
        self.refused(client, provider, posted)

    def test_replayed_in_another_browser(self, client, provider, providers, known):
        posted = self.answered(client, provider, providers)
        stranger = Client()
        self.refused(stranger, provider, posted)

    def test_for_another_provider_of_ours(self, client, town, provider, providers, add_saml, known):
        other = add_saml(town.municipality, name="Den andra")
        posted = self.answered(client, provider, providers)
        self.refused(client, other, posted)

    @pytest.mark.parametrize("nonsense", ["no base 64 !", base64.b64encode(b"no xml").decode(), "PGE+PC9hPg=="])
    def test_nonsense(self, client, provider, nonsense):
        self.refused(client, provider, {"SAMLResponse": nonsense})

    def test_an_entity_that_reads_a_file(self, client, provider, providers, known):
        posted = self.answered(client, provider, providers)
        bomb = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + xml_of(posted).replace("1001", "&x;")
        self.refused(client, provider, with_xml(posted, bomb))

    def test_failure_is_told_calmly(self, client, provider, providers, known):
        posted = self.answered(client, provider, providers)
        failed = xml_of(posted).replace("status:Success", "status:Responder")
        page = post_response(client, provider, with_xml(posted, failed))
        assert page.status_code == 403
        assert page.context["refusal"].code == "nobody_let_in"

    def test_control_the_good_one_that_they_differ_from_is_taken(self, client, provider, providers, known):
        assert post_response(client, provider, self.answered(client, provider, providers)).status_code == 302
        assert who_is_in(client) == known.pk

    def test_control_without_asking_for_a_signature_the_tampered_one_lets_berit_in(
        self, client, town, provider, providers, known, monkeypatch
    ):
        berit = make_user(town.municipality, "Berit Exempel", external_id="1002")
        monkeypatch.setattr(OneLogin_Saml2_Utils, "validate_sign", staticmethod(lambda *_a, **_k: True))
        posted = self.answered(client, provider, providers)
        post_response(client, provider, with_xml(posted, xml_of(posted).replace(">1001<", ">1002<")))
        assert who_is_in(client) == berit.pk

    def test_control_without_its_own_check_an_old_assertion_in_a_new_envelope_is_taken(
        self, client, provider, providers, known, monkeypatch
    ):
        """An assertion that answers no request passes the library's checks: ours is what stops it."""
        monkeypatch.setattr(
            "organisation.views.provided_login.request_answered", lambda response: response.get_in_response_to()
        )
        posted = self.answered(client, provider, providers, inResponseTo="")
        state = [*client.session["socialaccount_states"]][-1]
        envelope = xml_of(posted).replace("<samlp:Response ", f'<samlp:Response InResponseTo="{state}" ', 1)
        envelope = envelope.replace(' InResponseTo=""', "")
        post_response(client, provider, with_xml(posted, envelope))
        assert who_is_in(client) == known.pk


class TestReceiving:
    def test_only_a_provider_of_ours_may_post(self, client):
        assert client.post("/account/saml/0190163d-8694-739b-aea5-966c26f8ad91/acs/", {}).status_code == 404

    @pytest.mark.parametrize("posted", [{}, {"SAMLResponse": ""}, {"SAMLResponse": "x" * 200_001}])
    def test_what_is_no_response_is_not_kept(self, client, provider, posted):
        before = Session.objects.count()
        assert client.post(login_address(provider).replace("/login/", "/acs/"), posted).status_code == 400
        assert Session.objects.count() == before

    def test_only_by_post(self, client, provider):
        assert client.get(login_address(provider).replace("/login/", "/acs/")).status_code == 405

    def test_reading_without_having_posted_is_refused(self, client, provider):
        assert client.get(login_address(provider).replace("/login/", "/acs/finish/")).status_code == 403

    def test_another_sites_form_may_post_and_no_other_address_takes_one(self, provider, known):
        """The response comes without our token; nothing is done before it is read in the person's own session."""
        client = Client(enforce_csrf_checks=True)
        posted = saml_answer(leave_for(client, provider), "anna.exempel")
        assert post_response(client, provider, posted).status_code == 302
        assert who_is_in(client) == known.pk


class TestMetadata:
    def test_the_portal_presents_itself(self, client, provider):
        answer = client.get(login_address(provider).replace("/login/", "/metadata/"))
        tree = ElementTree.fromstring(answer.content)
        found = answer.content.decode()
        assert tree.get("entityID").endswith(f"/account/saml/{provider.public_id}/metadata/")
        assert 'WantAssertionsSigned="true"' in found
        assert "SingleLogoutService" not in found
        assert f"/account/saml/{provider.public_id}/acs/" in found

    def test_a_providers_metadata_is_read(self, providers):
        found = read_metadata(requests.get(providers.saml_metadata, timeout=10).content)
        assert found["entity_id"] == providers.saml_entity_id
        assert found["sso_url"].startswith("http://127.0.0.1")
        assert len(found["certificates"]) == 1

    def test_all_its_certificates_are_kept(self, client, town, providers, add_saml, known):
        """While the provider changes certificates, both sign."""
        provider = add_saml(town.municipality)
        provider.app.settings["certificates"].insert(0, make_certificate()[1])
        provider.app.save()
        by_saml(client, provider, "anna.exempel")
        assert who_is_in(client) == known.pk

    @pytest.mark.parametrize("xml", ["", "no xml", "<EntityDescriptor/>", b"\x00"])
    def test_what_is_no_metadata_is_refused(self, xml):
        with pytest.raises(ProviderFault):
            read_metadata(xml)

    def test_an_address_that_others_can_read_along_is_refused(self, providers):
        xml = requests.get(providers.saml_metadata, timeout=10).text.replace("127.0.0.1", "idp.example.se")
        with pytest.raises(ProviderFault):
            read_metadata(xml)


def test_the_session_cookie_stays_out_of_other_sites_forms():
    assert configured.SESSION_COOKIE_SAMESITE == "Lax"
