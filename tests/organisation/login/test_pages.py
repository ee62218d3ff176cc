"""The log-in page with its doors, the person's account, and the administrator's page of log-in."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from organisation.login.overview import login_overview
from organisation.login.providers import login_address
from organisation.models import Municipality, SeatKind
from organisation.services.login_providers import set_active
from tests.factories.login import SECRET, add_app, make_oidc_provider, make_saml_provider
from tests.factories.organisation import PASSWORD, appoint, make_user
from tests.organisation.login.walking import who_is_in

pytestmark = pytest.mark.django_db

PAGE = "/organisation/login/"


class TestDoors:
    def page(self, client: Client, **query: str) -> str:
        return client.get(reverse("account_login"), query).content.decode()

    def test_one_for_each_active_provider(self, client, town, neighbour):
        ours = make_oidc_provider(town.municipality, "Exempelbys inloggning")
        theirs = make_saml_provider(neighbour.municipality, "Grannbys inloggning")
        page = self.page(client)
        for provider in (ours, theirs):
            assert f'href="{login_address(provider)}"' in page
        assert town.municipality.name in page
        assert neighbour.municipality.name in page

    def test_none_for_a_closed_one(self, client, town):
        provider = make_oidc_provider(town.municipality)
        set_active(provider=provider, active=False)
        assert login_address(provider) not in self.page(client)

    def test_the_page_that_was_asked_for_goes_along(self, client, town):
        provider = make_oidc_provider(town.municipality)
        assert f"{login_address(provider)}?next=%2Frisks%2F%3Farea%3Dx" in self.page(client, next="/risks/?area=x")

    def test_they_are_links_and_no_form_leads_away(self, client, town):
        """The policy lets forms lead to this portal alone, on every page."""
        make_oidc_provider(town.municipality)
        answer = client.get(reverse("account_login"))
        assert "form-action 'self'" in answer["Content-Security-Policy"]
        assert 'role="button"' in answer.content.decode()

    def test_many_cost_no_more_queries(self, client, town, django_assert_max_num_queries):
        for number in range(12):
            make_oidc_provider(town.municipality, f"Nummer {number}")
        with django_assert_max_num_queries(1):
            self.page(client)

    def test_a_name_is_text(self, client, town):
        make_oidc_provider(town.municipality, "<script>alert(1)</script>")
        assert "<script>alert(1)" not in self.page(client)


class TestAccount:
    def test_it_tells_how_the_person_logs_in(self, client, town):
        add_app(town.head)
        client.force_login(town.head)
        page = client.get(reverse("my_account")).content.decode()
        assert town.head.email in page
        assert reverse("account_change_password") in page

    def test_without_a_password_one_can_be_chosen(self, client, town):
        town.head.set_unusable_password()
        town.head.save()
        client.force_login(town.head)
        assert reverse("account_set_password") in client.get(reverse("my_account")).content.decode()

    def test_the_header_leads_there(self, client, town):
        client.force_login(town.head)
        assert f'href="{reverse("my_account")}"' in client.get(reverse("help")).content.decode()

    def test_an_operator_has_one_too(self, client):
        operator = make_user(None, "Drift Driftsson", is_superuser=True, is_staff=True)
        client.force_login(operator)
        assert client.get(reverse("my_account")).status_code == 200


class TestAdministratorsPage:
    @pytest.fixture(autouse=True)
    def administrator(self, client, town):
        client.force_login(town.administrator)

    def test_it_shows_what_is_set_up_without_secrets(self, client, town):
        provider = make_oidc_provider(town.municipality, client_id="the-client-id")
        page = client.get(PAGE).content.decode()
        assert provider.name in page
        assert provider.claim in page
        for hidden in (SECRET, "the-client-id", provider.app.settings["sealed_secret"]):
            assert hidden not in page

    def test_not_the_neighbours(self, client, neighbour):
        make_oidc_provider(neighbour.municipality, "Grannbys inloggning")
        assert "Grannbys inloggning" not in client.get(PAGE).content.decode()

    def test_choosing_who_must(self, client, town):
        answer = client.post(PAGE, {"kinds": [SeatKind.HEAD, SeatKind.CHAIR]})
        assert answer["Location"] == PAGE
        assert Municipality.objects.get(pk=town.municipality.pk).second_factor_for == ["chair", "head"]

    def test_choosing_nobody(self, client, town):
        client.post(PAGE, {"kinds": [SeatKind.HEAD]})
        client.post(PAGE, {})
        assert Municipality.objects.get(pk=town.municipality.pk).second_factor_for == []

    def test_the_choice_is_ticked(self, client, town):
        client.post(PAGE, {"kinds": [SeatKind.HEAD]})
        assert client.get(PAGE).context["form"]["kinds"].value() == ["head"]

    def test_a_kind_that_is_not_offered_is_refused_with_the_answers_kept(self, client, town):
        answer = client.post(PAGE, {"kinds": [SeatKind.HEAD, "king"]})
        assert answer.status_code == 422
        assert answer.context["form"]["kinds"].value() == ["head", "king"]
        assert Municipality.objects.get(pk=town.municipality.pk).second_factor_for == []

    def test_the_heading_counts_who_lacks_one(self, client, town):
        client.post(PAGE, {"kinds": [SeatKind.HEAD]})
        assert login_overview(Municipality.objects.get(pk=town.municipality.pk)).lacking == 2
        add_app(town.head)
        assert client.get(PAGE).context["overview"].lacking == 1

    def test_recovery_codes_alone_are_none(self, town):
        Authenticator.objects.create(user=town.head, type=Authenticator.Type.RECOVERY_CODES, data={})
        kinds = {kind.key: kind for kind in login_overview(town.municipality).kinds}
        assert kinds["head"].lacking == 2

    def test_a_person_with_two_seats_is_one(self, client, town):
        appoint(town.head, town.seats["other_head"])
        kinds = {kind.key: kind for kind in login_overview(town.municipality).kinds}
        assert kinds["head"].holders == 2

    def test_many_people_cost_no_more_queries(self, client, town, django_assert_max_num_queries):
        for _number in range(15):
            appoint(make_user(town.municipality), town.seats["employee"])
            make_oidc_provider(town.municipality, f"Nummer {_number}")
        with django_assert_max_num_queries(6):
            login_overview(town.municipality)

    @pytest.mark.parametrize("role", ["safety_coordinator", "chief_executive", "head", "employee"])
    def test_others_see_nothing_of_it(self, town, role):
        client = Client()
        client.force_login(town.people[role])
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, {"kinds": []}).status_code == 403


class TestOperator:
    def test_the_admin_shows_no_secret_of_log_in(self):
        registered = {model._meta.label for model in admin.site._registry}
        assert not {label for label in registered if label.split(".")[0] in ("mfa", "socialaccount", "usersessions")}
        assert "account.EmailAddress" not in registered
        assert "organisation.LoginProvider" not in registered


def test_an_inactive_person_is_told_so_calmly(client, town):
    town.head.is_active = False
    town.head.save()
    answer = client.post(reverse("account_login"), {"login": town.head.email, "password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert who_is_in(client) is None
