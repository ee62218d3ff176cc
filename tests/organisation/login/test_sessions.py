"""Where a person is logged in: listed, ended one by one, and all at once when they leave."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisation.errors import NotAllowed
from organisation.login.sessions import device_in_words, end_all_visits, forget_old_visits
from organisation.models import User
from organisation.services.people import end_person, take_back
from organisation.tasks import forget_old_sessions
from tests.factories.organisation import PASSWORD
from tests.organisation.login.walking import by_oidc, who_is_in

pytestmark = pytest.mark.django_db

PAGE = "/account/sessions/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1"


def logged_in(person: User, agent: str = "") -> Client:
    browser = Client(headers={"user-agent": agent} if agent else None)
    browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert who_is_in(browser) == person.pk
    return browser


def number_of(browser: Client) -> int:
    return UserSession.objects.get(session_key=browser.session.session_key).pk


def is_out(browser: Client) -> bool:
    answer = browser.get(reverse("my_account"))
    return answer.status_code == 302 and reverse("account_login") in answer["Location"]


class TestList:
    def test_each_session_with_its_device_and_this_one_first(self, town):
        logged_in(town.head, PHONE)
        here = logged_in(town.head)
        visits = here.get(PAGE).context["visits"]
        assert [visit.is_this for visit in visits] == [True, False]
        assert visits[1].device == "Safari på iPhone" or visits[1].device == "Safari on iPhone"

    def test_nobody_elses(self, town):
        here = logged_in(town.head)
        logged_in(town.unit_manager)
        assert len(here.get(PAGE).context["visits"]) == 1

    def test_not_those_that_have_ended(self, town):
        other, here = logged_in(town.head), logged_in(town.head)
        other.post(reverse("account_logout"))
        assert len(here.get(PAGE).context["visits"]) == 1

    def test_a_person_who_is_not_logged_in_is_led_to_log_in(self, client):
        assert reverse("account_login") in client.get(PAGE)["Location"]


class TestEnding:
    def test_one(self, town):
        other, third, here = logged_in(town.head), logged_in(town.head), logged_in(town.head)
        here.post(PAGE, {"session": number_of(other)})
        assert is_out(other)
        assert not is_out(third)
        assert not is_out(here)

    def test_the_same_one_twice_is_no_fault(self, town):
        other, here = logged_in(town.head), logged_in(town.head)
        number = number_of(other)
        for _time in range(2):
            assert here.post(PAGE, {"session": number})["Location"] == PAGE

    def test_all_but_this(self, town):
        others, here = [logged_in(town.head) for _time in range(3)], logged_in(town.head)
        here.post(PAGE, {"session": "others"})
        assert all(is_out(other) for other in others)
        assert not is_out(here)

    def test_this_one_is_ended_by_logging_out_alone(self, town):
        here = logged_in(town.head)
        here.post(PAGE, {"session": number_of(here)})
        assert not is_out(here)

    def test_never_somebody_elses(self, town):
        theirs, here = logged_in(town.unit_manager), logged_in(town.head)
        here.post(PAGE, {"session": number_of(theirs)})
        assert not is_out(theirs)

    @pytest.mark.parametrize("nonsense", ["", "x", "-1", "1e3", "²", "9" * 30])
    def test_nonsense_ends_nothing(self, town, nonsense):
        other, here = logged_in(town.head), logged_in(town.head)
        assert here.post(PAGE, {"session": nonsense})["Location"] == PAGE
        assert not is_out(other)

    def test_a_new_password_ends_all_others(self, town):
        other, here = logged_in(town.head), logged_in(town.head)
        new = "en helt annan mening 7"
        here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert is_out(other)
        assert not is_out(here)


class TestLeaving:
    """Access ends the same second, with no worker running."""

    def test_the_next_page_is_the_log_in_page(self, town):
        browser = logged_in(town.head)
        end_person(person=town.head, by=town.administrator)
        assert is_out(browser)

    def test_the_stored_sessions_are_gone(self, town):
        browsers = [logged_in(town.head), logged_in(town.head, PHONE)]
        end_person(person=town.head, by=town.administrator)
        keys = [browser.cookies["sessionid"].value for browser in browsers]
        assert not Session.objects.filter(session_key__in=keys).exists()
        assert not UserSession.objects.filter(user=town.head).exists()

    def test_nobody_elses_are(self, town):
        browser = logged_in(town.unit_manager)
        end_person(person=town.head, by=town.administrator)
        assert not is_out(browser)

    def test_also_for_a_part_of_a_page_that_htmx_asks_for(self, town):
        browser = logged_in(town.head)
        end_person(person=town.head, by=town.administrator)
        answer = browser.get("/risks/", headers={"HX-Request": "true"})
        assert reverse("account_login") in answer["Location"]

    def test_also_after_log_in_by_a_provider(self, client, town, providers, add_oidc, anna):
        providers.know("anna", employee_number="1001")
        provider = add_oidc(town.municipality)
        by_oidc(client, provider, "anna")
        assert not is_out(client)
        end_person(person=anna, by=town.administrator)
        assert is_out(client)
        assert by_oidc(client, provider, "anna").status_code == 403

    def test_being_inactive_is_enough_by_itself(self, town):
        browser = logged_in(town.head)
        User.objects.filter(pk=town.head.pk).update(is_active=False)
        assert is_out(browser)

    def test_control_a_person_who_stays_is_not_out(self, town):
        assert not is_out(logged_in(town.head))

    def test_coming_back_opens_no_old_session_and_takes_a_new_password(self, town):
        browser = logged_in(town.head)
        kept = browser.cookies["sessionid"].value
        end_person(person=town.head, by=town.administrator)
        take_back(person=town.head, by=town.administrator)
        browser.cookies["sessionid"] = kept
        assert is_out(browser)
        again = Client()
        again.post(reverse("account_login"), {"login": town.head.email, "password": PASSWORD})
        assert who_is_in(again) is None

    def test_a_refused_ending_ends_no_session(self, town):
        browser = logged_in(town.head)
        with pytest.raises(NotAllowed):
            end_person(person=town.head, by=town.unit_manager)
        assert not is_out(browser)

    def test_many_at_once(self, town):
        browsers = [logged_in(town.head), logged_in(town.unit_manager)]
        assert end_all_visits([town.head, town.unit_manager]) == 2
        assert all(is_out(browser) for browser in browsers)


class TestForgetting:
    def test_what_is_over_is_deleted_with_its_address(self, town):
        old, here = logged_in(town.head), logged_in(town.unit_manager)
        Session.objects.filter(session_key=old.session.session_key).update(
            expire_date=timezone.now() - timedelta(minutes=1)
        )
        forget_old_sessions()
        assert [kept.user for kept in UserSession.objects.all()] == [town.unit_manager]
        assert not is_out(here)

    def test_twice_is_no_fault(self, town):
        logged_in(town.head)
        forget_old_visits()
        forget_old_visits()
        assert UserSession.objects.count() == 1


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/129 Safari/537.36", "Chrome", "Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/129 Safari/537.36 Edg/129.0", "Edge", "Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox", "Linux"),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 SamsungBrowser/25 Chrome/121",
            "Samsung Internet",
            "Android",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.4 Safari/605.1.15", "Safari", "Mac"),
        (PHONE, "Safari", "iPhone"),
    ],
)
def test_a_device_in_words(agent, browser, system):
    words = device_in_words(agent)
    assert browser in words
    assert system in words


def test_an_unknown_device_is_said_so():
    assert device_in_words("")
    assert "<" not in device_in_words("<script>alert(1)</script>")
