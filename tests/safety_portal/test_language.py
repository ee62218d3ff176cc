"""Dates, times, numbers and account e-mails as each language writes them."""

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format, number_format, sanitize_separators
from django.utils.translation import override

from notifications.models import OutboxMessage
from notifications.services import deliver_message
from tests.factories.organisation import make_user

MOMENT = dt.datetime(2026, 11, 22, 14, 2)


@pytest.mark.parametrize(
    ("language", "name", "written"),
    [
        ("sv", "DATE_FORMAT", "22 november 2026"),
        ("sv", "DATETIME_FORMAT", "22 november 2026 14.02"),
        ("sv", "SHORT_DATETIME_FORMAT", "22 nov 2026 14.02"),
        ("en", "DATE_FORMAT", "22 November 2026"),
        ("en", "DATETIME_FORMAT", "22 November 2026 14:02"),
        ("en", "SHORT_DATE_FORMAT", "22 Nov 2026"),
    ],
)
def test_dates_and_times_are_written_as_the_language_does(language: str, name: str, written: str) -> None:
    with override(language):
        assert date_format(MOMENT, name) == written


def test_swedish_numbers_have_a_decimal_comma_and_a_space_that_does_not_break() -> None:
    with override("sv"):
        assert number_format(970000.5, 2, force_grouping=True) == "970\N{NO-BREAK SPACE}000,50"
        assert sanitize_separators("0,8") == "0.8"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "subject"),
    [("sv", "Välj ett nytt lösenord i Trygghetsportalen"), ("en", "Choose a new password in the safety portal")],
)
def test_a_mail_about_the_password_says_what_to_do_in_the_reader_s_language(
    client: Client, monkeypatch: pytest.MonkeyPatch, language: str, subject: str
) -> None:
    # The address of an example is one that may be mailed, here.
    monkeypatch.setattr("notifications.mail.EXAMPLE_DOMAINS", ("nowhere",))
    person = make_user(None)
    client.cookies["django_language"] = language
    client.post(reverse("account_reset_password"), {"email": person.email})
    deliver_message(OutboxMessage.objects.get().pk)
    (sent,) = mail.outbox
    assert sent.subject == subject
    assert reverse("account_reset_password") in sent.body
    # Not the words of the library, which greets from the server's address.
    assert "testserver!" not in sent.body


@pytest.mark.django_db
def test_a_wrong_password_is_told_in_our_own_words(client: Client) -> None:
    answer = client.post(reverse("account_login"), {"login": "nobody@example.se", "password": "wrong"})
    assert "E-postadressen eller lösenordet är fel" in answer.content.decode()
