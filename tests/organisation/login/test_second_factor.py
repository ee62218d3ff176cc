"""The second factor: codes of an app, recovery codes, who must have one, and resetting a lost one."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from notifications.models import OutboxMessage
from organisation import clock
from organisation.errors import DomainError, NotAllowed, WrongState
from organisation.login import second_factor
from organisation.models import Municipality, SeatKind, User
from organisation.services.appointing import write_end
from organisation.services.login_providers import set_active
from organisation.services.second_factor import choose_who_must, reset
from tests.factories.login import add_app, code_of, make_oidc_provider, recovery_codes_of
from tests.factories.organisation import PASSWORD
from tests.organisation.login.walking import by_oidc, who_is_in

pytestmark = pytest.mark.django_db

PAGE = "/account/"


def give_password(client: Client, person: User, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": person.email, "password": password})


def give_code(client: Client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def must(municipality: Municipality, *kinds: str) -> None:
    municipality.second_factor_for = list(kinds)
    municipality.save()


@pytest.fixture
def logged_in(client, town):
    """The head of department, who gave a password alone."""
    give_password(client, town.head)
    return client


class TestCodesOfAnApp:
    def test_a_password_alone_is_not_enough(self, client, town):
        add_app(town.head)
        assert give_password(client, town.head)["Location"] == reverse("mfa_authenticate")
        assert who_is_in(client) is None
        assert client.get(PAGE).status_code == 302

    def test_with_the_code_that_the_app_shows_the_person_is_in(self, client, town):
        secret = add_app(town.head)
        give_password(client, town.head)
        assert give_code(client, code_of(secret, time.time()))["Location"] == reverse("home")
        assert who_is_in(client) == town.head.pk

    def test_a_code_one_period_early_or_late_is_taken(self, client, town):
        secret = add_app(town.head)
        give_password(client, town.head)
        give_code(client, code_of(secret, time.time(), periods=-1))
        assert who_is_in(client) == town.head.pk

    def test_an_old_code_is_not(self, client, town):
        secret = add_app(town.head)
        give_password(client, town.head)
        answer = give_code(client, code_of(secret, time.time(), periods=-3))
        assert answer.status_code == 422
        assert who_is_in(client) is None

    def test_a_code_is_taken_once_as_long_as_it_is_shown(self, client, town):
        """Who looked over a shoulder has the code too."""
        secret = add_app(town.head)
        code = code_of(secret, time.time(), periods=1)
        give_password(client, town.head)
        give_code(client, code)
        stranger = Client()
        give_password(stranger, town.head)
        assert give_code(stranger, code).status_code == 422
        assert who_is_in(stranger) is None

    def test_control_without_remembering_the_code_the_stranger_is_in_as_soon_as_the_library_forgets(
        self, client, town, monkeypatch
    ):
        monkeypatch.setattr("safety_portal.account_forms.first_use", lambda *_a, **_k: True)
        monkeypatch.setattr("allauth.mfa.totp.internal.auth.TOTP._mark_code_used", lambda *_a: True)
        secret = add_app(town.head)
        code = code_of(secret, time.time(), periods=1)
        for browser in (client, Client()):
            give_password(browser, town.head)
            give_code(browser, code)
            assert who_is_in(browser) == town.head.pk

    def test_another_persons_code_is_not_taken(self, client, town):
        add_app(town.head)
        give_password(client, town.head)
        assert give_code(client, code_of(add_app(town.unit_manager), time.time())).status_code == 422

    def test_the_key_lies_sealed(self, town):
        secret = add_app(town.head)
        kept = Authenticator.objects.get(user=town.head, type=Authenticator.Type.TOTP)
        assert secret not in str(kept.data)

    def test_a_key_sealed_with_a_lost_secret_key_lets_nobody_in(self, client, town, settings):
        secret = add_app(town.head)
        settings.SECRET_KEY = "another key"
        give_password(client, town.head)
        answer = give_code(client, code_of(secret, time.time()))
        assert answer.status_code == 422
        assert who_is_in(client) is None

    def test_an_earlier_secret_key_still_opens_it(self, client, town, settings):
        secret = add_app(town.head)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another key"
        give_password(client, town.head)
        give_code(client, code_of(secret, time.time()))
        assert who_is_in(client) == town.head.pk


class TestRecoveryCodes:
    def test_each_lets_in_once(self, client, town):
        add_app(town.head)
        first, *_others = recovery_codes_of(town.head)
        give_password(client, town.head)
        give_code(client, first)
        assert who_is_in(client) == town.head.pk
        stranger = Client()
        give_password(stranger, town.head)
        assert give_code(stranger, first).status_code == 422
        assert who_is_in(stranger) is None
        assert first not in recovery_codes_of(town.head)

    def test_they_are_shown_when_the_first_factor_is_added(self, logged_in, town):
        page = logged_in.get(reverse("mfa_activate_totp"))
        code = code_of(page.context["form"].secret, time.time())
        answer = logged_in.post(reverse("mfa_activate_totp"), {"code": code})
        assert answer["Location"] == reverse("mfa_view_recovery_codes")
        shown = logged_in.get(answer["Location"]).content.decode()
        assert all(code in shown for code in recovery_codes_of(town.head))

    def test_new_ones_end_the_old(self, logged_in, town):
        add_app(town.head)
        before = recovery_codes_of(town.head)
        logged_in.post(reverse("mfa_generate_recovery_codes"))
        assert not set(before) & set(recovery_codes_of(town.head))

    def test_they_can_be_saved_as_a_file(self, logged_in, town):
        add_app(town.head)
        answer = logged_in.get(reverse("mfa_download_recovery_codes"))
        assert answer["Content-Type"].startswith("text/plain")
        assert recovery_codes_of(town.head)[0] in answer.content.decode()


class TestPasskeysThatAreNone:
    """The ceremony itself is tested in a browser (test_passkeys_browser.py)."""

    NONSENSE = (
        "",
        "no json",
        "[]",
        "7",
        "{}",
        '{"id": "x"}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": null}}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "AAAA", "clientDataJSON": "AA", '
        '"authenticatorData": "AA", "signature": "AA"}}',
    )

    @pytest.mark.parametrize("credential", NONSENSE)
    def test_log_in_nobody(self, client, credential):
        client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
        answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
        assert answer.status_code in (302, 422)
        assert who_is_in(client) is None

    @pytest.mark.parametrize("credential", NONSENSE)
    def test_are_no_second_factor(self, client, town, credential):
        add_app(town.head)
        give_password(client, town.head)
        assert client.post(reverse("mfa_authenticate"), {"credential": credential}).status_code == 422
        assert who_is_in(client) is None

    @pytest.mark.parametrize("credential", NONSENSE)
    def test_are_not_added(self, logged_in, town, credential):
        logged_in.get(reverse("mfa_add_webauthn"))
        answer = logged_in.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": credential})
        assert answer.status_code == 422
        assert not Authenticator.objects.filter(user=town.head).exists()


class TestSettingUp:
    def test_who_has_just_logged_in_need_not_confirm(self, logged_in):
        assert logged_in.get(reverse("mfa_activate_totp")).status_code == 200

    def test_later_they_confirm_first(self, logged_in, monkeypatch):
        later = time.time() + 600
        monkeypatch.setattr("organisation.login.local.time.time", lambda: later)
        answer = logged_in.get(reverse("mfa_activate_totp"))
        assert answer["Location"].startswith(reverse("account_reauthenticate"))

    def test_confirming_with_the_password_leads_back(self, logged_in, monkeypatch):
        monkeypatch.setattr("organisation.login.local.time.time", lambda: time.time_ns() / 1e9 + 600)
        asked = logged_in.get(reverse("mfa_activate_totp"))["Location"]
        answer = logged_in.post(asked, {"password": PASSWORD})
        assert answer["Location"] == reverse("mfa_activate_totp")

    def test_a_wrong_code_adds_nothing(self, logged_in, town):
        logged_in.get(reverse("mfa_activate_totp"))
        answer = logged_in.post(reverse("mfa_activate_totp"), {"code": "000000"})
        assert answer.status_code == 422
        assert not Authenticator.objects.filter(user=town.head).exists()

    def test_the_person_is_told_of_each_change_by_mail(self, logged_in, town, django_capture_on_commit_callbacks):
        page = logged_in.get(reverse("mfa_activate_totp"))
        with django_capture_on_commit_callbacks(execute=True):
            logged_in.post(reverse("mfa_activate_totp"), {"code": code_of(page.context["form"].secret, time.time())})
        (mail,) = OutboxMessage.objects.filter(topic="mail", payload__person_id=town.head.pk)
        assert page.context["form"].secret not in str(mail.payload)

    def test_removing_the_last_takes_the_recovery_codes_too(self, logged_in, town):
        add_app(town.head)
        logged_in.post(reverse("mfa_deactivate_totp"))
        assert not Authenticator.objects.filter(user=town.head).exists()

    def test_another_persons_passkey_is_not_there(self, logged_in, town):
        theirs = Authenticator.objects.create(user=town.unit_manager, type="webauthn", data={"name": "x"})
        for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
            assert logged_in.get(reverse(name, args=[theirs.pk])).status_code == 404
            assert logged_in.post(reverse(name, args=[theirs.pk])).status_code == 404


class TestWhoMustHaveOne:
    @pytest.fixture(autouse=True)
    def rule(self, town):
        must(town.municipality, SeatKind.HEAD)

    def test_a_holder_without_one_is_led_to_set_one_up(self, logged_in):
        answer = logged_in.get("/risks/?area=x")
        assert answer.status_code == 302
        assert answer["Location"] == f"{reverse('mfa_index')}?next=%2Frisks%2F%3Farea%3Dx"

    def test_so_is_whatever_they_send(self, logged_in):
        assert logged_in.post(reverse("risks:new"), {})["Location"] == reverse("mfa_index")

    def test_htmx_is_led_as_a_whole_page(self, logged_in):
        answer = logged_in.get("/risks/", headers={"HX-Request": "true"})
        assert answer["HX-Redirect"] == reverse("mfa_index")

    def test_who_holds_no_such_seat_is_not(self, client, town):
        give_password(client, town.unit_manager)
        assert client.get(PAGE).status_code == 200

    def test_nor_the_same_kind_of_seat_at_the_neighbour(self, client, neighbour):
        give_password(client, neighbour.head)
        assert client.get(PAGE).status_code == 200

    def test_nor_who_held_one_until_yesterday(self, logged_in, town):
        write_end(town.head.appointments.get(), clock.today())
        assert logged_in.get(reverse("my_account")).status_code == 200

    @pytest.mark.parametrize(
        "page",
        ["help", "privacy", "accessibility", "whistleblowing", "livez", "mfa_index", "mfa_activate_totp"],
    )
    def test_help_and_reporting_stay_open(self, logged_in, page):
        assert logged_in.get(reverse(page)).status_code == 200

    def test_a_report_can_be_written(self, logged_in, town):
        address = reverse("report:form", args=[town.bodies["care-dept"].report_code])
        assert logged_in.get(address).status_code == 200
        assert logged_in.get(reverse("report:choose"), follow=True).status_code == 200

    def test_logging_out_and_the_language_too(self, logged_in):
        assert logged_in.post(reverse("set_language"), {"language": "en"}).status_code == 302
        assert logged_in.post(reverse("account_logout"))["Location"] == reverse("account_login")

    def test_a_session_with_one_goes_everywhere(self, client, town):
        secret = add_app(town.head)
        give_password(client, town.head)
        give_code(client, code_of(secret, time.time()))
        assert client.get(PAGE).status_code == 200

    @pytest.mark.django_db(transaction=True)
    def test_setting_one_up_is_giving_it_and_removing_it_leads_back(self, logged_in):
        page = logged_in.get(reverse("mfa_activate_totp"))
        logged_in.post(reverse("mfa_activate_totp"), {"code": code_of(page.context["form"].secret, time.time())})
        assert logged_in.get(PAGE).status_code == 200
        logged_in.post(reverse("mfa_deactivate_totp"))
        assert logged_in.get(PAGE)["Location"].startswith(reverse("mfa_index"))

    def test_a_session_from_before_gives_it_now(self, logged_in, town):
        """The person set one up in another browser; here they are asked for it."""
        secret = add_app(town.head)
        asked = logged_in.get(reverse("my_account"))["Location"]
        assert asked == f"{reverse('mfa_reauthenticate')}?next=%2Faccount%2F"
        answer = logged_in.post(asked, {"code": code_of(secret, time.time())})
        assert answer["Location"] == reverse("my_account")
        assert logged_in.get(answer["Location"]).status_code == 200

    def test_confirming_with_the_password_is_not_giving_it(self, logged_in, town):
        add_app(town.head)
        logged_in.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert logged_in.get(PAGE)["Location"].startswith(reverse("mfa_reauthenticate"))

    def test_with_a_passkey_alone_it_is_asked_for(self, logged_in, town):
        Authenticator.objects.create(user=town.head, type="webauthn", data={"name": "x"})
        assert logged_in.get(PAGE)["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))

    def test_it_holds_from_the_next_page_also_for_who_is_logged_in(self, client, town):
        give_password(client, town.unit_manager)
        assert client.get(PAGE).status_code == 200
        must(town.municipality, SeatKind.UNIT_MANAGER)
        assert client.get(PAGE).status_code == 302

    def test_it_costs_one_query_and_without_a_rule_none(self, town, rf, django_assert_num_queries):
        request = rf.get(PAGE)
        request.session = {}
        person = User.objects.get(pk=town.head.pk)
        with django_assert_num_queries(1):
            assert second_factor.lack_of(request, person) is not None
        must(person.municipality)
        with django_assert_num_queries(0):
            assert second_factor.lack_of(request, person) is None

    def test_control_without_the_middleware_the_page_is_open(self, logged_in, settings):
        assert logged_in.get(PAGE).status_code == 302
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("SecondFactorMiddleware")]
        unprotected = Client()
        unprotected.cookies = logged_in.cookies
        assert unprotected.get(PAGE).status_code == 200


class TestLogInByAProvider:
    @pytest.fixture(autouse=True)
    def rule(self, town, providers):
        must(town.municipality, SeatKind.HEAD)
        User.objects.filter(pk=town.head.pk).update(external_id="2002")
        providers.know("nils", employee_number="2002")

    def test_counts_when_the_provider_asks_for_one_itself(self, client, town, add_oidc):
        by_oidc(client, add_oidc(town.municipality, asks_second_factor=True), "nils")
        assert client.get(PAGE).status_code == 200

    def test_and_does_not_when_it_does_not(self, client, town, add_oidc):
        by_oidc(client, add_oidc(town.municipality), "nils")
        assert client.get(PAGE)["Location"].startswith(reverse("mfa_index"))

    def test_a_code_is_asked_for_beside_a_provider_that_asks_for_none(self, client, town, add_oidc):
        secret = add_app(town.head)
        assert by_oidc(client, add_oidc(town.municipality), "nils")["Location"] == reverse("mfa_authenticate")
        assert who_is_in(client) is None
        give_code(client, code_of(secret, time.time()))
        assert client.get(PAGE).status_code == 200

    def test_a_provider_that_is_closed_meanwhile_lets_nobody_through(self, client, town, add_oidc):
        secret, provider = add_app(town.head), add_oidc(town.municipality)
        by_oidc(client, provider, "nils")
        set_active(provider=provider, active=False)
        give_code(client, code_of(secret, time.time()))
        assert who_is_in(client) is None

    def test_and_not_beside_one_that_asks(self, client, town, add_oidc):
        add_app(town.head)
        assert by_oidc(client, add_oidc(town.municipality, asks_second_factor=True), "nils")["Location"] == reverse(
            "home"
        )

    def test_the_password_way_in_asks_as_before(self, client, town):
        """A provider that asks for a second factor says nothing of who came by password."""
        make_oidc_provider(town.municipality, asks_second_factor=True)
        add_app(town.head)
        assert give_password(client, town.head)["Location"] == reverse("mfa_authenticate")


class TestChoosing:
    def test_the_administrator_chooses_and_the_history_tells(self, town):
        choose_who_must(municipality=town.municipality, kinds=["head", "administrator"], by=town.administrator)
        kept = Municipality.objects.get(pk=town.municipality.pk)
        assert kept.second_factor_for == ["administrator", "head"]
        assert kept.history.first().second_factor_for == ["administrator", "head"]

    def test_the_same_again_writes_nothing(self, town):
        choose_who_must(municipality=town.municipality, kinds=["head"], by=town.administrator)
        before = town.municipality.history.count()
        choose_who_must(municipality=town.municipality, kinds=["head", "head"], by=town.administrator)
        assert town.municipality.history.count() == before

    @pytest.mark.parametrize("role", ["head", "safety_coordinator", "chief_executive"])
    def test_others_may_not(self, town, role):
        with pytest.raises(NotAllowed):
            choose_who_must(municipality=town.municipality, kinds=[], by=town.people[role])

    def test_nor_the_neighbours_administrator(self, town, neighbour):
        with pytest.raises(NotAllowed):
            choose_who_must(municipality=town.municipality, kinds=[], by=neighbour.administrator)

    def test_a_kind_that_there_is_not_is_refused_whole(self, town):
        with pytest.raises(DomainError):
            choose_who_must(municipality=town.municipality, kinds=["head", "king"], by=town.administrator)
        assert Municipality.objects.get(pk=town.municipality.pk).second_factor_for == []


class TestReset:
    def test_everything_goes_sessions_too_and_the_person_is_told(self, client, town):
        secret = add_app(town.head)
        give_password(client, town.head)
        give_code(client, code_of(secret, time.time()))
        reset(person=town.head, by=town.administrator)
        assert not Authenticator.objects.filter(user=town.head).exists()
        assert not Session.objects.filter(session_key=client.cookies["sessionid"].value).exists()
        assert OutboxMessage.objects.filter(topic="mail", payload__person_id=town.head.pk).exists()
        assert town.head.history.first().history_change_reason == "second factor reset"

    def test_a_password_is_then_enough_again(self, client, town):
        add_app(town.head)
        reset(person=town.head, by=town.administrator)
        give_password(client, town.head)
        assert who_is_in(client) == town.head.pk

    def test_where_the_rule_holds_they_set_up_a_new_one(self, client, town):
        must(town.municipality, SeatKind.HEAD)
        add_app(town.head)
        reset(person=town.head, by=town.administrator)
        give_password(client, town.head)
        assert client.get(PAGE)["Location"].startswith(reverse("mfa_index"))

    def test_others_may_not(self, town):
        add_app(town.head)
        with pytest.raises(NotAllowed):
            reset(person=town.head, by=town.safety_coordinator)

    def test_nor_the_neighbours_administrator(self, town, neighbour):
        add_app(town.head)
        with pytest.raises(WrongState):
            reset(person=town.head, by=neighbour.administrator)
        assert Authenticator.objects.filter(user=town.head).exists()

    def test_nobody_resets_their_own(self, town):
        add_app(town.administrator)
        with pytest.raises(NotAllowed):
            reset(person=town.administrator, by=town.administrator)

    def test_nothing_to_reset_is_said_so(self, town):
        with pytest.raises(WrongState):
            reset(person=town.head, by=town.administrator)

    def test_a_mail_that_can_not_be_written_leaves_all_as_it_was(self, town, monkeypatch):
        def fail(**_arguments):
            raise RuntimeError

        add_app(town.head)
        monkeypatch.setattr("organisation.services.second_factor.send_mail_to", fail)
        with pytest.raises(RuntimeError):
            reset(person=town.head, by=town.administrator)
        assert Authenticator.objects.filter(user=town.head).exists()

    def test_on_the_page(self, client, town):
        add_app(town.head)
        client.force_login(town.administrator)
        client.post(reverse("organisation:second_factor_reset", args=[town.head.public_id]))
        assert not Authenticator.objects.filter(user=town.head).exists()

    def test_another_municipalitys_person_is_not_there(self, client, town, neighbour):
        add_app(neighbour.head)
        client.force_login(town.administrator)
        answer = client.post(reverse("organisation:second_factor_reset", args=[neighbour.head.public_id]))
        assert answer.status_code == 404
