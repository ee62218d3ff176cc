"""The pages of reorganising: ask, show what it would do, make it; answers and refusals are kept and told."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from organisation.models import Body, BodyKind, Reorganisation
from organisation.services.reorganising import close_body, rename_body
from organisation.tree import rebuild_closure
from tests.factories import incidents
from tests.factories.organisation import appoint, make_body, make_municipality, make_order, make_user
from tests.organisation.reorganising.reading import fresh, parent_on

pytestmark = pytest.mark.django_db

CONFIRM = {"step": "confirm"}


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        yield


@pytest.fixture
def administrator(client, town):
    client.force_login(town.administrator, backend="organisation.access.ScopeBackend")
    return client


def day(on: date) -> dict[str, str]:
    return {"on_day": str(on.day), "on_month": str(on.month), "on_year": str(on.year)}


class Page:
    """One page of a verb: what it is sent, and what it says."""

    def __init__(self, client, verb: str, body: Body | None = None) -> None:
        self.client = client
        self.url = reverse(f"organisation:{verb}", args=[body.public_id] if body else [])
        self.form_key = str(uuid.uuid4())

    def get(self, **query: str):
        return self.client.get(self.url, query)

    def send(self, on: date, **answers: object):
        data = {"submission_key": self.form_key, **day(on), **answers}
        return self.client.post(self.url, {name: value for name, value in data.items() if value is not None})

    def confirm(self, on: date, **answers: object):
        """Go through the check page, and confirm what it showed."""
        checked = self.send(on, **answers)
        assert "preview" in checked.context, checked.context["form"].errors
        return self.send(on, **answers, **CONFIRM, confirmed=checked.context["preview"].fingerprint)


def page(client, town, verb: str, key: str = "care-north") -> Page:
    return Page(client, verb, town.bodies[key])


class TestChoosing:
    def titles(self, client, town, key: str) -> list[str]:
        found = client.get(reverse("organisation:reorganise", args=[town.bodies[key].public_id]))
        return [verb.title for verb in found.context["verbs"]]

    def test_what_can_be_done_to_a_unit(self, administrator, town):
        assert self.titles(administrator, town, "care-north") == [
            "Rename",
            "Move",
            "Merge with others",
            "Split",
            "Close",
            "Create a body below it",
        ]

    def test_the_council_and_the_board_are_renamed_only(self, administrator, town):
        for key in ("council", "board"):
            assert self.titles(administrator, town, key) == ["Rename", "Create a body below it"]

    def test_a_committee_has_one_place(self, administrator, town):
        assert "Move" not in self.titles(administrator, town, "care")

    def test_nothing_can_be_done_to_what_is_closed(self, administrator, town):
        close_body(body=town.bodies["care-north"], successor=town.bodies["care-south"], order=make_order(town))
        assert self.titles(administrator, town, "care-north") == []

    def test_the_address_of_what_can_not_be_done_leads_back(self, administrator, town):
        found = page(administrator, town, "close", "board").get()
        assert found.url == reverse("organisation:reorganise", args=[town.bodies["board"].public_id])


class TestSteps:
    def test_first_it_shows_what_it_would_do_and_writes_nothing(self, administrator, town, today):
        incidents.report(town)
        shown = page(administrator, town, "close").send(today, successor=town.bodies["care-south"].public_id)
        assert shown.status_code == 200
        preview = shown.context["preview"]
        assert [(one.name, one.before, one.after) for one in preview.bodies] == [
            (
                "Ängsgläntans hemtjänst",
                "Stands under Äldreförvaltningen",
                "Closed; Tallmons gruppboende takes over",
            )
        ]
        assert {held.key: (held.here, held.below) for held in preview.held} == {
            "organisation.seats": (2, 0),
            "organisation.holders": (2, 0),
            "organisation.employees": (1, 0),
            "organisation.mandates": (1, 0),
            "incidents.open": (1, 0),
            "incidents.all": (1, 0),
        }
        assert [one.person for one in preview.ending] == [town.unit_manager, town.unit_ombud]
        assert not preview.crosses_authorities
        assert not Reorganisation.objects.exists()
        assert fresh(town.bodies["care-north"]).valid_to is None

    def test_then_it_is_made(self, administrator, town, today):
        unit = town.bodies["care-north"]
        done = page(administrator, town, "close").confirm(today, successor=town.bodies["care-south"].public_id)
        assert done.url == reverse("organisation:body", args=[town.bodies["care-south"].public_id])
        assert fresh(unit).successor == town.bodies["care-south"]

    def test_the_answers_can_be_changed_once_more(self, administrator, town, today):
        shown = page(administrator, town, "rename").send(today, name="Ängen", note="Kortare", step="form")
        assert shown.status_code == 200
        assert shown.context["form"]["name"].value() == "Ängen"
        assert "Kortare" in shown.content.decode()

    def test_a_double_confirmation_is_one_change(self, administrator, town, today):
        asked = page(administrator, town, "rename")
        assert asked.confirm(today, name="Ängen").status_code == 302
        again = asked.send(today, name="Ängen", **CONFIRM, confirmed="whatever")
        assert again.status_code == 302
        assert Reorganisation.objects.count() == 1

    def test_what_has_changed_meanwhile_is_shown_again(self, administrator, town, today):
        asked = page(administrator, town, "close")
        answers = {"successor": town.bodies["care-south"].public_id}
        seen = asked.send(today, **answers).context["preview"].fingerprint
        incidents.report(town)
        again = asked.send(today, **answers, **CONFIRM, confirmed=seen)
        assert again.status_code == 422
        assert "Something has changed since you checked" in again.content.decode()
        assert not Reorganisation.objects.exists()
        told = again.context["preview"].fingerprint
        assert asked.send(today, **answers, **CONFIRM, confirmed=told).status_code == 302

    def test_control_what_has_not_changed_is_made_at_once(self, administrator, town, today):
        asked = page(administrator, town, "close")
        answers = {"successor": town.bodies["care-south"].public_id}
        seen = asked.send(today, **answers).context["preview"].fingerprint
        assert asked.send(today, **answers, **CONFIRM, confirmed=seen).status_code == 302

    def test_nobody_confirms_what_was_not_shown(self, administrator, town, today):
        shown = page(administrator, town, "rename").send(today, name="Ängen", **CONFIRM)
        assert shown.status_code == 422
        assert not Reorganisation.objects.exists()

    def test_a_change_to_come_says_when(self, administrator, town, next_month):
        done = page(administrator, town, "rename").confirm(next_month, name="Ängen")
        shown = administrator.get(done.url)
        assert "The change is recorded. It takes effect by itself on its day." in shown.content.decode()
        assert "Ängsgläntans hemtjänst" in shown.content.decode()


class TestRefused:
    def test_a_refusal_stands_at_its_answer_with_the_answers_kept(self, administrator, town, today):
        shown = page(administrator, town, "move").send(
            today, parent=town.bodies["school-dept"].public_id, note="Enligt utredningen"
        )
        html = shown.content.decode()
        assert shown.status_code == 422
        assert "Write the decision that it rests on" in shown.context["form"].errors["reference"][0]
        assert html.index("Something needs to be corrected") < html.index("<h1")
        assert "Enligt utredningen" in html

    def test_nothing_answered(self, administrator, town):
        shown = administrator.post(page(administrator, town, "merge").url, {"step": "check"})
        assert shown.status_code == 422
        assert set(shown.context["form"].errors) == {"others", "becomes", "on"}

    @pytest.mark.parametrize("verb", ["rename", "move", "merge", "split", "close", "reorganise"])
    def test_another_municipalitys_body_is_not_there(self, administrator, verb):
        other = make_municipality("Grannby kommun")
        assert page(administrator, other, verb).get().status_code == 404

    def test_another_municipalitys_body_can_not_be_chosen(self, administrator, town, today):
        other = make_municipality("Grannby kommun")
        shown = page(administrator, town, "close").send(today, successor=other.bodies["care-south"].public_id)
        assert "successor" in shown.context["form"].errors

    @pytest.mark.parametrize("role", ["head", "safety_coordinator", "employee"])
    def test_others_see_the_body_and_may_not(self, client, town, role):
        client.force_login(town.people[role], backend="organisation.access.ScopeBackend")
        assert page(client, town, "close").get().status_code == 403
        assert page(client, town, "close").send(date(2026, 1, 1)).status_code == 403
        link = reverse("organisation:reorganise", args=[town.bodies["care-north"].public_id])
        shown = client.get(reverse("organisation:body", args=[town.bodies["care-north"].public_id]))
        assert link not in shown.content.decode()


class TestVerbs:
    def test_create(self, administrator, town, today):
        asked = Page(administrator, "body_new")
        begun = asked.get(parent=str(town.bodies["care-dept"].public_id))
        assert [option.label for option in begun.context["form"]["parent"].options] == ["Äldreförvaltningen"]
        asked.confirm(today, name="Granbacken", kind="unit", parent=town.bodies["care-dept"].public_id)
        assert parent_on(Body.objects.get(name="Granbacken"), today) == "care-dept"

    def test_the_seats_of_a_new_body_are_shown_as_vacant(self, administrator, town, today):
        town.seats["unit_manager"].seat_type.min_holders = 1
        town.seats["unit_manager"].seat_type.save()
        shown = Page(administrator, "body_new").send(
            today, name="Granbacken", kind="unit", parent=town.bodies["care-dept"].public_id
        )
        assert [seat.seat_type.title for seat in shown.context["preview"].vacant] == ["Enhetschef"]

    def test_move_with_what_stands_below(self, administrator, town, today):
        make_body(town.municipality, BodyKind.UNIT, "Nattpatrullen", town.bodies["care-north"])
        rebuild_closure(town.municipality)
        shown = page(administrator, town, "move").send(
            today, parent=town.bodies["school-dept"].public_id, reference="§ 12"
        )
        assert shown.context["preview"].crosses_authorities
        assert "That is a disclosure" in shown.content.decode()
        assert len(shown.context["preview"].bodies) == 1

    def test_merge_into_this_one(self, administrator, town, today):
        page(administrator, town, "merge").confirm(
            today, others=str(town.bodies["care-south"].public_id), becomes="this"
        )
        assert fresh(town.bodies["care-south"]).successor == town.bodies["care-north"]

    def test_merge_into_a_new_one(self, administrator, town, today):
        page(administrator, town, "merge").confirm(
            today,
            others=str(town.bodies["care-south"].public_id),
            becomes="new",
            name="Hemtjänsten",
            parent=town.bodies["care-dept"].public_id,
        )
        assert fresh(town.bodies["care-south"]).successor == Body.objects.get(name="Hemtjänsten")

    def test_a_new_one_needs_a_name_and_a_place(self, administrator, town, today):
        shown = page(administrator, town, "merge").send(
            today, others=str(town.bodies["care-south"].public_id), becomes="new"
        )
        assert set(shown.context["form"].errors) == {"name", "parent"}

    def test_split_asks_who_gets_what(self, administrator, town, today):
        asked = page(administrator, town, "split", "care-dept")
        parts = {"parts": "Hemtjänst\n Särskilt boende \n"}
        shown = asked.send(today, **parts)
        assert shown.status_code == 200
        assert shown.context["shares"].fields.keys() == {
            "heir",
            f"child_{town.bodies['care-north'].public_id}",
            f"child_{town.bodies['care-south'].public_id}",
        }
        unsaid = asked.send(today, **parts, asked="1")
        assert unsaid.status_code == 422
        assert len(unsaid.context["shares"].errors) == 3
        given = {
            "heir": "1",
            f"child_{town.bodies['care-north'].public_id}": "0",
            f"child_{town.bodies['care-south'].public_id}": "1",
        }
        asked.confirm(today, **parts, asked="1", **given)
        assert fresh(town.bodies["care-dept"]).successor.name == "Särskilt boende"
        assert parent_on(town.bodies["care-north"], today) == Body.objects.get(name="Hemtjänst").key

    def test_a_body_without_any_below_is_split_in_two_questions_too(self, administrator, town, today):
        page(administrator, town, "split").confirm(today, parts="Dag\nNatt", asked="1", heir="0")
        assert fresh(town.bodies["care-north"]).successor.name == "Dag"

    def test_a_part_is_not_enough(self, administrator, town, today):
        assert "parts" in page(administrator, town, "split").send(today, parts="Ensam").context["form"].errors


class TestChanges:
    def test_who_when_on_which_decision_and_what(self, administrator, town):
        rename_body(body=town.bodies["care-north"], name="Ängen", order=make_order(town, reference="§ 12, KS 2026-4"))
        html = administrator.get(reverse("organisation:changes")).content.decode()
        for words in ("Ängsgläntans hemtjänst was renamed Ängen", "§ 12, KS 2026-4", "Ada Ordnarsson"):
            assert words in html

    def test_a_page_at_a_time_with_as_many_queries(self, administrator, town, django_assert_max_num_queries):
        for number in range(27):
            rename_body(body=town.bodies["care-north"], name=f"Namn {number}", order=make_order(town))
        url = reverse("organisation:changes")
        with django_assert_max_num_queries(11):
            first = administrator.get(url)
        assert len(first.context["changes"]) == 25
        rest = administrator.get(url + first.context["older_url"])
        assert len(rest.context["changes"]) == 2

    def test_another_municipalitys_are_not_told(self, administrator, town):
        other = make_municipality("Grannby kommun")
        rename_body(body=other.bodies["care-north"], name="Grannen", order=make_order(other))
        assert not administrator.get(reverse("organisation:changes")).context["changes"]

    def test_the_body_tells_its_own(self, client, town, today, last_month):
        unit = town.bodies["care-north"]
        rename_body(body=unit, name="Ängen", order=make_order(town, last_month))
        close_body(body=town.bodies["care-south"], successor=unit, order=make_order(town))
        client.force_login(town.employee, backend="organisation.access.ScopeBackend")
        html = client.get(reverse("organisation:body", args=[unit.public_id])).content.decode()
        for words in ("was renamed Ängen", "Tallmons gruppboende was closed", "What it took over", "Its names"):
            assert words in html


class TestBodyOnADate:
    def test_it_has_its_name_and_place_of_that_day(self, client, town, last_month):
        unit = town.bodies["care-north"]
        rename_body(body=unit, name="Ängen", order=make_order(town))
        client.force_login(town.employee, backend="organisation.access.ScopeBackend")
        url = reverse("organisation:body", args=[unit.public_id])
        assert client.get(url).context["name"] == "Ängen"
        before = client.get(url, {"on": last_month.isoformat()})
        assert before.context["name"] == "Ängsgläntans hemtjänst"
        assert "As it stood on" in before.content.decode()

    def test_who_answered_then(self, client, town, today):
        person = make_user(town.municipality, "Förra Chefen")
        appoint(person, town.seats["unit_manager"], valid_to=today - timedelta(days=10))
        client.force_login(town.employee, backend="organisation.access.ScopeBackend")
        url = reverse("organisation:body", args=[town.bodies["care-north"].public_id])
        assert "Förra Chefen" not in client.get(url).content.decode()
        assert "Förra Chefen" in client.get(url, {"on": (today - timedelta(days=20)).isoformat()}).content.decode()

    def test_a_day_that_is_none_is_told(self, client, town):
        client.force_login(town.employee, backend="organisation.access.ScopeBackend")
        url = reverse("organisation:body", args=[town.bodies["care-north"].public_id])
        shown = client.get(url, {"on_day": "31", "on_month": "2", "on_year": "2026"})
        assert shown.status_code == 422
