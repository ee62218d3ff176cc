"""Local accounts: which passwords are taken, and choosing a first or a new one by a mailed link."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as configured
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from notifications.models import OutboxMessage
from notifications.services import deliver_message
from organisation.login.password_rules import NotTheMunicipality
from organisation.models import User
from organisation.services.passwords import LINK_WANTED, ask_for_password_link
from organisation.services.people import add_person
from tests.factories.login import add_app
from tests.factories.organisation import PASSWORD, make_user
from tests.organisation.login.walking import who_is_in

pytestmark = pytest.mark.django_db

NEW = "fyra ord utan samband 7"
PORTAL = "https://trygghet.exempelby.test/"


def said(password: str, person: User | None = None) -> list[str]:
    with override("en"):
        try:
            validate_password(password, person)
        except ValidationError as error:
            return [str(words) for words in error.messages]
    return []


class TestRules:
    @pytest.mark.parametrize("password", [NEW, "snokapp-langs-vagen-26", "åäö är också bokstäver", "x" * 8 + "kråkan"])
    def test_a_long_one_of_its_own_is_taken(self, town, password):
        assert said(password, town.head) == []

    @pytest.mark.parametrize(
        ("password", "words"),
        [
            ("kort-ord-11", "at least 12"),
            ("123456789012", "numeric"),
            ("q1w2e3r4t5y6", "common"),
            ("Nils Påhittsson", "similar"),
        ],
    )
    def test_a_weak_one_is_refused_and_told_why(self, town, password, words):
        assert any(words in told for told in said(password, town.head)), said(password, town.head)

    def test_the_persons_own_address_is_refused(self, town):
        assert said(town.head.email.split("@")[0] + "2026!!!!!!", make_user(None, email="head2026@example.se"))

    @pytest.mark.parametrize(
        "password",
        [
            "Exempelbykommun2026!",
            "exempelby-exempelby-1",
            "Trygghetsportalen1!",
            "SafetyPortal2026!!",
            "kommun Exempelby 1",
        ],
    )
    def test_the_municipality_and_the_portal_are_no_passwords(self, town, password):
        assert any("municipality" in told for told in said(password, town.head))

    @pytest.mark.parametrize("password", ["exempelby-bor-i-norra-skogen", "trygghetsportalen vid den stora ån"])
    def test_their_names_among_other_words_are_fine(self, town, password):
        assert said(password, town.head) == []

    def test_another_municipalitys_name_is(self, town):
        assert said("Grannbykommun2026!", town.head) == []

    def test_an_operator_has_no_municipality_to_be_likened_to(self):
        with pytest.raises(ValidationError):
            NotTheMunicipality().validate("Trygghetsportalen1!", make_user(None))
        NotTheMunicipality().validate(NEW, make_user(None))

    def test_the_form_says_it_at_the_field_and_changes_nothing(self, client, town):
        client.force_login(town.head)
        sent = {"oldpassword": PASSWORD, "password1": "Exempelby2026!!", "password2": "Exempelby2026!!"}
        page = client.post(reverse("account_change_password"), sent)
        assert page.status_code == 422
        assert "password1" in page.context["form"].errors
        assert User.objects.get(pk=town.head.pk).check_password(PASSWORD)

    def test_nothing_makes_a_password_grow_old(self, town):
        """No rotation: a password is changed when there is reason to."""
        assert not [field.name for field in User._meta.get_fields() if "expire" in field.name]


def asked_for(client: Client, email: str):
    return client.post(reverse("account_reset_password"), {"email": email})


def deliver_links() -> list[str]:
    """Carry out what the outbox holds, and return the links that were mailed."""
    for message in OutboxMessage.objects.filter(topic=LINK_WANTED, done_at__isnull=True):
        deliver_message(message.pk)
    return [re.search(r"https?://\S+", str(sent.body))[0] for sent in mail.outbox]


@pytest.fixture
def new_person(town):
    """Somebody who was added and has no password yet; not at an address that is for examples."""
    return add_person(
        municipality=town.municipality, name="Ny Nysson", email="ny@exempelby.se.invalid", by=town.administrator
    )


@pytest.fixture(autouse=True)
def real_addresses(monkeypatch):
    monkeypatch.setattr("notifications.mail.EXAMPLE_DOMAINS", ("nowhere",))


class TestLink:
    def choose(self, client: Client, link: str, password: str = NEW):
        form = client.get(link.removeprefix("http://testserver"), follow=True)
        return client.post(form.context["action_url"], {"password1": password, "password2": password})

    def test_a_person_without_password_chooses_a_first_one(self, client, new_person):
        assert not new_person.has_usable_password()
        asked_for(client, new_person.email)
        (link,) = deliver_links()
        assert self.choose(client, link).status_code == 302
        client.post(reverse("account_login"), {"login": new_person.email, "password": NEW})
        assert who_is_in(client) == new_person.pk

    def test_the_address_may_be_written_in_any_case(self, client, new_person):
        asked_for(client, new_person.email.upper())
        assert len(deliver_links()) == 1

    def test_a_link_works_once(self, client, new_person):
        asked_for(client, new_person.email)
        (link,) = deliver_links()
        self.choose(client, link)
        assert Client().get(link.replace("http://testserver", "")).context["token_fail"]

    def test_and_not_after_a_day(self, client, new_person, monkeypatch):
        asked_for(client, new_person.email)
        (link,) = deliver_links()
        later = datetime.now() + timedelta(seconds=configured.PASSWORD_RESET_TIMEOUT + 60)
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
        assert client.get(link.replace("http://testserver", "")).context["token_fail"]

    def test_nor_when_the_address_has_changed_meanwhile(self, client, new_person):
        asked_for(client, new_person.email)
        (link,) = deliver_links()
        User.objects.filter(pk=new_person.pk).update(email="annan@exempelby.se.invalid")
        assert client.get(link.replace("http://testserver", "")).context["token_fail"]

    def test_a_weak_password_is_refused_here_too(self, client, new_person):
        asked_for(client, new_person.email)
        (link,) = deliver_links()
        assert self.choose(client, link, "Exempelby2026!!").status_code == 422

    def test_the_second_factor_is_still_asked_for(self, client, town):
        add_app(town.head)
        asked_for(client, town.head.email)
        (link,) = deliver_links()
        self.choose(client, link)
        answer = client.post(reverse("account_login"), {"login": town.head.email, "password": NEW})
        assert answer["Location"] == reverse("mfa_authenticate")

    def test_the_outbox_holds_no_key_and_no_strangers_address(self, client, new_person):
        asked_for(client, new_person.email)
        asked_for(client, "okand@exempelby.se.invalid")
        (link,) = deliver_links()
        kept = str(list(OutboxMessage.objects.values_list("payload", flat=True)))
        assert link.rsplit("-", 1)[1].strip("/") not in kept
        assert "okand@" not in kept

    def test_a_mail_server_that_is_down_fails_nothing(self, client, new_person, monkeypatch):
        monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda *_a, **_k: 1 / 0)
        assert asked_for(client, new_person.email).status_code == 302
        deliver_links()
        assert OutboxMessage.objects.get(topic=LINK_WANTED).failures == 1


class TestEnumeration:
    """Nothing tells whether an address has an account: not the answer, and not what is done for it."""

    def test_the_answers_are_the_same(self, client, town):
        known, unknown = asked_for(client, town.head.email), asked_for(client, "okand@example.se")
        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        pages = [client.get(answer["Location"]).content.decode() for answer in (known, unknown)]
        # The token of the language form is another one on each page.
        shown = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page) for page in pages]
        assert shown[0] == shown[1]

    def test_the_same_is_written(self, client, town):
        for email in (town.head.email, "okand@example.se"):
            asked_for(client, email)
        messages = list(OutboxMessage.objects.filter(topic=LINK_WANTED))
        assert [set(message.payload) for message in messages] == [{"person_id", "portal", "language", "message_id"}] * 2

    def test_the_same_queries_are_made(self, town):
        counts = []
        for email in (town.head.email, "okand@example.se"):
            with CaptureQueriesContext(connection) as asked:
                ask_for_password_link(email=email, portal=PORTAL)
            counts.append(len(asked))
        assert counts[0] == counts[1]

    def test_nobody_is_mailed_for_an_unknown_address(self, client):
        asked_for(client, "okand@example.se")
        assert deliver_links() == []

    def test_nor_one_who_has_left(self, client, new_person):
        User.objects.filter(pk=new_person.pk).update(is_active=False)
        asked_for(client, new_person.email)
        assert deliver_links() == []

    def test_wrong_password_and_unknown_address_are_told_in_the_same_words(self, client, town):
        told = [
            client.post(reverse("account_login"), {"login": email, "password": "fel lösenord här"}).context["form"]
            for email in (town.head.email, "okand@example.se")
        ]
        assert told[0].errors == told[1].errors


def test_no_second_copy_of_an_address_is_ever_kept(client, town):
    """By such a copy somebody could log in, or be sent a link, at an address that is another person's now."""
    client.post(reverse("account_login"), {"login": town.head.email, "password": PASSWORD})
    asked_for(client, town.head.email)
    deliver_links()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert not EmailAddress.objects.exists()
