"""Choosing the workplace, the one screen, the receipt."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from incidents.models import Incident, OccurredWhen
from organisation import clock
from organisation.models import Appointment, Body, Municipality, SeatKind
from organisation.tree import rebuild_closure
from tests.factories.incidents import report
from tests.factories.organisation import appoint, make_seat


def form_of(town, key="care-north"):
    return reverse("report:form", args=[town.bodies[key].report_code])


def answers(**changed):
    return {"kind": "threat", "occurred_when": "just_now", "text": "", "submission_key": str(uuid.uuid4())} | changed


def receipt_of(incident):
    return reverse("report:receipt", args=[incident.public_id])


class TestChoosing:
    def test_someone_with_one_workplace_is_led_to_its_form(self, town, as_):
        assert as_("employee").get(reverse("report:choose")).url == form_of(town)

    def test_another_workplace_can_be_chosen_all_the_same(self, town, as_):
        page = as_("employee").get(reverse("report:choose"), {"all": "1"})
        assert page.status_code == 200
        assert form_of(town) in page.content.decode()

    def test_own_workplaces_stand_first_when_there_are_several(self, town, as_):
        appoint(town.employee, make_seat(town.bodies["care-south"], SeatKind.EMPLOYEE))
        page = as_("employee").get(reverse("report:choose")).content.decode()
        assert form_of(town) in page
        assert form_of(town, "care-south") in page
        assert form_of(town, "school-unit") not in page

    def test_search_finds_all_workplaces_of_the_municipality_and_no_others(self, town, other_town, as_):
        page = as_("council_member").get(reverse("report:choose"), {"q": "FÖRSKOLA"}).content.decode()
        assert form_of(town, "school-unit") in page
        assert form_of(other_town, "school-unit") not in page
        assert "Utbildningsförvaltningen" in page

    def test_search_knows_no_difference_between_small_and_large_letters(self, town, as_):
        client = as_("council_member")
        for words in ("ängs", "Ängs", "hemtjänst", "HEMTJÄNST"):
            assert form_of(town) in client.get(reverse("report:choose"), {"q": words}).content.decode()

    def test_committees_are_not_offered(self, town, as_):
        page = as_("council_member").get(reverse("report:choose"), {"q": "nämnden"}).content.decode()
        assert form_of(town, "care") not in page

    def test_a_long_list_is_cut_and_says_so(self, town, as_):
        Body.objects.bulk_create(
            Body(municipality=town.municipality, kind="unit", name=f"Enhet {n}", key=f"e-{n}") for n in range(25)
        )
        page = as_("council_member").get(reverse("report:choose"), {"q": "enhet"})
        assert len(page.context["found"]) == 20
        assert page.context["more"]

    def test_login_is_needed(self, client, db):
        assert "/account/login/" in client.get(reverse("report:choose")).url


class TestForm:
    def test_it_says_who_reads(self, town, as_):
        page = as_("employee").get(form_of(town)).content.decode()
        assert "Maja Exempelsson, enhetschef" in page
        assert "tel:112" in page

    def test_a_manager_reads_that_the_superior_reads(self, town, as_):
        page = as_("unit_manager").get(form_of(town))
        assert page.context["reader"].person == town.head

    def test_a_vacancy_is_said(self, town, as_):
        Appointment.objects.exclude(person=town.employee).update(valid_to=clock.today())
        page = as_("employee").get(form_of(town))
        assert page.status_code == 200
        assert page.context["reader"] is None

    @pytest.mark.smoke
    def test_sending_leads_to_the_receipt(self, town, as_):
        client = as_("employee")
        sent = client.post(form_of(town), answers(text="Något hände."))
        incident = Incident.objects.get()
        assert sent.url == receipt_of(incident)
        assert incident.narratives.get().text == "Något hände."
        assert client.get(sent.url).status_code == 200

    def test_sending_twice_gives_the_same_receipt(self, town, as_):
        client, same = as_("employee"), answers()
        assert client.post(form_of(town), same).url == client.post(form_of(town), same).url
        assert Incident.objects.count() == 1

    def test_someone_elses_key_is_refused_in_words(self, town, as_):
        same = answers()
        as_("employee").post(form_of(town), same)
        page = as_("unit_ombud").post(form_of(town), same)
        assert page.status_code == 422
        assert Incident.objects.count() == 1

    @pytest.mark.parametrize(
        ("changed", "wrong"),
        [
            ({"kind": ""}, "kind"),
            ({"kind": "fire"}, "kind"),
            ({"occurred_when": ""}, "occurred_when"),
            ({"occurred_when": "soon"}, "occurred_when"),
            ({"occurred_when": "another_day"}, "occurred_on"),
            ({"occurred_when": "another_day", "occurred_on": "2999-01-01"}, "occurred_on"),
            ({"occurred_when": "another_day", "occurred_on": "1890-01-01"}, "occurred_on"),
            ({"occurred_when": "another_day", "occurred_on_day": "31", "occurred_on_month": "2",
              "occurred_on_year": "2026"}, "occurred_on"),
            ({"text": "a" * 10_001}, "text"),
            ({"text": "a\x00b"}, "text"),
        ],
    )  # fmt: skip
    def test_mistakes_are_named_and_the_answers_kept(self, town, as_, changed, wrong):
        page = as_("employee").post(form_of(town), answers(**{"text": "Kvar står orden."} | changed))
        assert page.status_code == 422
        assert list(page.context["form"].errors) == [wrong]
        assert "Fel" in page.content.decode().split("</title>")[0] or "Error" in page.content.decode()
        if wrong != "text":
            assert "Kvar står orden." in page.content.decode()
        assert not Incident.objects.exists()

    @pytest.mark.parametrize("key", ["", "not a key"])
    def test_a_broken_key_stops_nobody(self, town, as_, key):
        as_("employee").post(form_of(town), answers(submission_key=key))
        assert Incident.objects.count() == 1

    def test_another_day_takes_a_date(self, town, as_):
        yesterday = clock.today() - timedelta(days=1)
        parts = {"day": yesterday.day, "month": yesterday.month, "year": yesterday.year}
        typed = {f"occurred_on_{part}": str(value) for part, value in parts.items()}
        as_("employee").post(form_of(town), answers(occurred_when="another_day", **typed))
        assert Incident.objects.get().occurred_on == yesterday

    def test_a_date_alone_means_another_day(self, town, as_):
        yesterday = clock.today() - timedelta(days=1)
        as_("employee").post(form_of(town), answers(occurred_when="", occurred_on=yesterday.isoformat()))
        incident = Incident.objects.get()
        assert (incident.occurred_when, incident.occurred_on) == (OccurredWhen.ANOTHER_DAY, yesterday)

    @pytest.mark.parametrize("typed", ["2020-01-01", "2999-01-01"])
    def test_a_hidden_date_is_not_meant(self, town, as_, typed):
        as_("employee").post(form_of(town), answers(occurred_when="today", occurred_on=typed))
        assert Incident.objects.get().occurred_on == clock.today()

    @pytest.mark.parametrize("key", ["council", "board", "care"])
    def test_a_committee_has_no_form(self, town, as_, key):
        assert as_("employee").get(form_of(town, key)).status_code == 404

    def test_another_municipalitys_poster_leads_nowhere(self, town, other_town, as_):
        client = as_("employee")
        assert client.get(form_of(other_town)).status_code == 404
        assert client.post(form_of(other_town), answers()).status_code == 404
        assert not Incident.objects.exists()

    def test_an_unknown_code_leads_nowhere(self, town, as_):
        assert as_("employee").get(reverse("report:form", args=["zzzzzzzz"])).status_code == 404

    def test_a_closed_workplaces_poster_leads_to_its_successor(self, town, as_):
        old = town.bodies["care-south"]
        old.successor, old.valid_to = town.bodies["care-north"], clock.today()
        old.save()
        rebuild_closure(town.municipality)
        assert as_("employee").get(form_of(town, "care-south")).url == form_of(town)

    def test_no_button_is_dead(self, town, as_):
        """One button to send, one to change language; nothing that leads nowhere."""
        page = as_("employee").get(form_of(town)).content.decode()
        assert 'href="#"' not in page
        assert page.count('type="submit"') <= 3


class TestReceipt:
    def test_it_names_number_reader_day_and_representative(self, town, as_):
        incident = report(town)
        page = as_("employee").get(receipt_of(incident)).content.decode()
        assert incident.label in page
        assert "Maja Exempelsson" in page
        assert "Omar Påhittad" in page
        assert date_format(incident.answer_by or clock.today(), "j F Y") in page

    def test_it_shows_where_to_turn(self, town, as_):
        Municipality.objects.filter(pk=town.municipality.pk).update(
            support_contacts=[{"title": "Krisstöd", "phone": "070-000 00 00", "hours": "dygnet runt", "text": "Ring."}]
        )
        page = as_("employee").get(receipt_of(report(town))).content.decode()
        for expected in ("Krisstöd", "tel:0700000000", "Dygnet runt", "tel:11414", "tel:112"):
            assert expected in page

    def test_it_is_the_same_when_shown_again_also_after_the_manager_left(self, town, as_, monkeypatch):
        incident, client = report(town), as_("employee")
        first = client.get(receipt_of(incident)).context["happens"]
        tomorrow = clock.today() + timedelta(days=1)
        Appointment.objects.filter(person=town.unit_manager).update(valid_to=tomorrow)
        monkeypatch.setattr(clock, "today", lambda: tomorrow)
        assert client.get(receipt_of(incident)).context["happens"] == first

    def test_no_representative_is_promised_when_there_is_none(self, town, as_):
        Appointment.objects.filter(person=town.safety_representative).update(valid_to=clock.today())
        steps = as_("employee").get(receipt_of(report(town))).context["happens"]
        assert len(steps) == 2

    @pytest.mark.parametrize("role", ["unit_manager", "safety_coordinator", "safety_representative", "head"])
    def test_only_the_reporter_sees_it(self, town, as_, role):
        assert as_(role).get(receipt_of(report(town))).status_code == 404

    def test_login_is_needed(self, town, client):
        assert "/account/login/" in client.get(receipt_of(report(town))).url
