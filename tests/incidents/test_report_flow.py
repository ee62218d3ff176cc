"""The report's further screens: questions by kind, a check, a file; everything carried in the page alone."""

import io
import uuid

import pytest
from django.urls import reverse
from PIL import Image

from incidents.catalogue import packaged_sets
from incidents.models import Incident, IncidentKind, ReportDraft
from tests.factories.incidents import read, report

pytestmark = pytest.mark.django_db

TYPED = "Orden som inte får gå förlorade.\r\nOch en rad till."


@pytest.fixture
def address(town):
    return reverse("report:form", args=[town.bodies["care-north"].report_code])


def begun(client, address, **changed):
    """Open the form and return what the first screen would send."""
    form = client.get(address).context["form"]
    return {
        "kind": "threat",
        "occurred_when": "just_now",
        "text": TYPED,
        "submission_key": str(form["submission_key"].value()),
        "person": form["person"].value(),
    } | changed


def next_of(page, **typed):
    """Return what the shown screen sends: what it carries, and what is typed in it."""
    sent = {}
    for name, value in page.context["carried"]:
        sent.setdefault(name, []).append(value)
    return sent | {"person": page.context["mark"]} | typed


class TestScreens:
    def test_three_screens_and_two_required_answers_are_a_full_report(self, as_, address):
        client = as_("employee")
        second = client.post(address, begun(client, address, go="more"))
        assert second.templates[0].name == "incidents/report_more.html"
        typed = {"q-injury": "physical", "q-expression": ["verbal", "physical"], "q-place": "home_visit", "go": "check"}
        third = client.post(address, next_of(second, **typed))
        assert third.templates[0].name == "incidents/report_check.html"
        receipt = client.post(address, next_of(third, go="send"))
        incident = Incident.objects.get()
        assert receipt.url == reverse("report:receipt", args=[incident.public_id])
        assert (incident.injury, incident.place) == ("physical", "home_visit")
        assert incident.open_answers.get(key="expression").value == ["verbal", "physical"]
        assert incident.narratives.get().text == TYPED

    def test_nothing_of_it_lies_in_a_cookie_an_address_or_the_database(self, as_, address):
        client = as_("employee")
        second = client.post(address, begun(client, address, go="more"))
        client.post(address, next_of(second, go="check", **{"q-exact_place": "Mer text KANARIE"}))
        assert not Incident.objects.exists()
        assert not ReportDraft.objects.exists()
        assert "KANARIE" not in str(dict(client.session))
        assert "KANARIE" not in str(client.cookies)
        assert "no-store" in second["Cache-Control"]

    def test_every_question_may_be_left(self, as_, address):
        client = as_("employee")
        second = client.post(address, begun(client, address, go="more"))
        third = client.post(address, next_of(second, go="check"))
        client.post(address, next_of(third, go="send"))
        incident = Incident.objects.get()
        assert incident.question_set is None
        assert incident.wants_contact is None

    def test_dont_know_is_an_answer_that_counts_nothing(self, as_, address):
        client = as_("employee")
        second = client.post(address, begun(client, address, go="more"))
        third = client.post(address, next_of(second, go="check", **{"q-wants_contact": "unsaid"}))
        client.post(address, next_of(third, go="send"))
        assert Incident.objects.get().wants_contact is None

    def test_back_and_forth_loses_nothing(self, as_, address):
        client = as_("employee")
        second = client.post(address, begun(client, address, go="more"))
        third = client.post(
            address, next_of(second, go="check", **{"q-exact_place": "Vägen dit.", "q-place": "workplace"})
        )
        first = client.post(address, next_of(third, go="first"))
        assert first.templates[0].name == "incidents/report.html"
        assert first.context["form"]["text"].value() == TYPED
        assert first.context["form"]["kind"].value() == "threat"
        shown = {"kind": "violence", "occurred_when": "today", "text": TYPED, "go": "more"}
        again = client.post(address, next_of(first, **shown))
        assert again.context["form"]["exact_place"].value() == "Vägen dit."
        assert again.context["form"]["place"].value() == "workplace"
        assert again.context["opens"]["more"]

    def test_send_now_from_the_first_screen_takes_what_was_answered_before(self, as_, address):
        client = as_("employee")
        second = client.post(address, begun(client, address, go="more"))
        first = client.post(address, next_of(second, go="first", **{"q-place": "workplace"}))
        client.post(address, next_of(first, kind="threat", occurred_when="today", text="", go="send"))
        assert Incident.objects.get().place == "workplace"

    def test_a_mistake_on_the_second_screen_is_told_there(self, as_, address):
        client = as_("employee")
        second = client.post(address, begun(client, address, go="more"))
        typed = {"q-injured_count": "många", "q-exact_place": "Kvar står orden.", "go": "check"}
        page = client.post(address, next_of(second, **typed))
        assert page.status_code == 422
        assert list(page.context["form"].errors) == ["injured_count"]
        assert page.context["opens"]["injured"]
        assert "Kvar står orden." in page.content.decode()

    def test_a_mistake_on_the_first_screen_stops_there(self, as_, address):
        client = as_("employee")
        page = client.post(address, begun(client, address, kind="", go="more"))
        assert page.status_code == 422
        assert list(page.context["form"].errors) == ["kind"]

    def test_names_that_are_no_answers_are_not_carried(self, as_, address):
        client = as_("employee")
        page = client.post(address, begun(client, address, go="more", evil="<script>x</script>"))
        assert "evil" not in dict(page.context["carried"])
        assert "<script>x" not in page.content.decode()

    def test_what_is_carried_is_escaped(self, as_, address):
        client = as_("employee")
        page = client.post(address, begun(client, address, text='"><script>x</script>', go="more"))
        assert "<script>x" not in page.content.decode()

    def test_the_same_check_sent_twice_is_one_report(self, as_, address):
        client = as_("employee")
        second = client.post(address, begun(client, address, go="more"))
        third = client.post(address, next_of(second, go="check", **{"q-place": "workplace"}))
        sent = [client.post(address, next_of(third, go="send")).url for _ in range(2)]
        assert sent[0] == sent[1]
        assert Incident.objects.count() == 1


class TestKinds:
    @pytest.mark.parametrize("kind", [kind for kind in IncidentKind if kind != IncidentKind.OTHER])
    def test_every_kind_can_be_chosen_and_is_asked_its_questions(self, as_, address, kind):
        client = as_("employee")
        quick = kind in ("threat", "violence", "harassment", "near_miss")
        chosen = {"kind": kind} if quick else {"kind": "other", "other_kind": kind}
        second = client.post(address, begun(client, address, go="more", **chosen))
        assert set(second.context["form"].fields) == {one.key for one in packaged_sets()[kind]}
        client.post(address, next_of(second, go="send"))
        assert Incident.objects.get().kind == kind

    def test_another_kind_is_meant_only_while_something_else_is_chosen(self, as_, address):
        client = as_("employee")
        client.post(address, begun(client, address, kind="threat", other_kind="fire"))
        assert Incident.objects.get().kind == "threat"

    def test_what_was_typed_for_another_kind_is_not_lost(self, as_, address):
        """Whoever goes back and calls it something else finds the answer among the folded ones."""
        client = as_("employee")
        second = client.post(address, begun(client, address, kind="near_miss", go="more"))
        first = client.post(address, next_of(second, go="first", **{"q-proposal": "Ett staket."}))
        again = client.post(address, next_of(first, kind="threat", occurred_when="today", text="", go="more"))
        assert "proposal" in [field.name for field in again.context["form"].more()]
        client.post(address, next_of(again, go="send", **{"q-proposal": "Ett staket."}))
        incident = Incident.objects.get()
        assert incident.narratives.get(key="proposal").text == "Ett staket."
        told = as_("employee").get(reverse("incidents:told", args=[incident.public_id])).content.decode()
        assert "Ett staket." in told

    def test_influence_points_to_the_whistleblowing_channel(self, as_, address):
        client = as_("employee")
        page = client.post(address, begun(client, address, kind="other", other_kind="undue_influence", go="more"))
        assert reverse("whistleblowing") in page.content.decode().split("<footer")[0]
        page = client.post(address, begun(client, address, go="more"))
        assert reverse("whistleblowing") not in page.content.decode().split("<footer")[0]


class TestExpiredSession:
    def test_the_second_screens_answers_wait_as_well(self, town, as_, address):
        client = as_("employee")
        second = client.post(address, begun(client, address, go="more"))
        sent = next_of(second, go="check", **{"q-exact_place": "Lång text.", "q-expression": ["verbal", "sexual"]})
        client.logout()
        assert "/account/login/" in client.post(address, sent).url
        client.force_login(town.employee)
        first = client.get(address)
        assert first.context["draft"]
        again = client.post(address, next_of(first, kind="threat", occurred_when="just_now", text=TYPED, go="more"))
        assert again.context["form"]["exact_place"].value() == "Lång text."
        assert again.context["form"]["expression"].value() == ["verbal", "sexual"]

    def test_and_nobody_else_finds_them(self, town, as_, address):
        client = as_("employee")
        second = client.post(address, begun(client, address, go="more"))
        sent = next_of(second, go="check", **{"q-exact_place": "KANARIE"})
        client.logout()
        client.post(address, sent)
        client.force_login(town.unit_manager)
        assert "KANARIE" not in client.get(address).content.decode()


class TestFile:
    def picture(self):
        made = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(made, "PNG")
        made.seek(0)
        made.name = "bild.png"
        return made

    def third(self, client, address):
        second = client.post(address, begun(client, address, go="more"))
        return client.post(address, next_of(second, go="check"))

    def test_a_picture_goes_along(self, as_, address):
        client = as_("employee")
        sent = next_of(self.third(client, address), go="send", upload=self.picture(), unclassified="on")
        client.post(address, sent)
        assert Incident.objects.get().attachments.get().from_reporter

    @pytest.mark.parametrize("changed", [{"unclassified": ""}, {"upload": io.BytesIO(b"MZ\x90\x00" + b"\x00" * 400)}])
    def test_a_file_that_is_not_taken_is_told_before_anything_is_sent(self, as_, address, changed):
        client = as_("employee")
        sent = next_of(self.third(client, address), go="send", upload=self.picture(), unclassified="on") | changed
        page = client.post(address, sent)
        assert page.status_code == 422
        assert not Incident.objects.exists()
        receipt = client.post(address, next_of(page, go="send"))
        assert receipt.url == reverse("report:receipt", args=[Incident.objects.get().public_id])


class TestTold:
    def test_answers_stand_in_the_case_each_to_those_who_may(self, town, as_, address):
        client = as_("employee")
        answers = {
            "q-place": "home_visit",
            "q-exact_place": "Köket KANARIE",
            "q-witness_name": "Vera Vittnesson",
            "q-wants_contact": "yes",
        }
        second = client.post(address, begun(client, address, go="more"))
        client.post(address, next_of(second, go="send", **answers))
        incident = Incident.objects.get()
        told = reverse("incidents:told", args=[incident.public_id])
        handler = as_("unit_manager").get(told).content.decode()
        for expected in ("Köket KANARIE", "Vera Vittnesson", TYPED.split("\r\n", maxsplit=1)[0]):
            assert expected in handler
        assert incident.readings.filter(by=town.unit_manager).count() == 1
        representative = as_("safety_representative").get(told).content.decode()
        assert "KANARIE" not in representative
        assert "Vittnesson" not in representative
        assert "Köket KANARIE" in as_("employee").get(told).content.decode()

    def test_a_short_report_says_so(self, town, as_):
        incident = report(town)
        read(incident, town.unit_manager)
        page = as_("unit_manager").get(reverse("incidents:told", args=[incident.public_id]))
        assert page.context["answers"] == []


class TestOffline:
    def test_one_page_with_the_numbers_to_call(self, client):
        page = client.get(reverse("report:offline")).content.decode()
        for number in ("tel:112", "tel:11414", "tel:1177"):
            assert number in page
        assert "<form" not in page

    def test_the_worker_keeps_that_page_and_no_other(self, client):
        script = client.get(reverse("report:worker"))
        assert script["Content-Type"].startswith("text/javascript")
        assert "worker-src 'self'" in script["Content-Security-Policy"]
        assert reverse("report:offline") in script.content.decode()
        assert "cache.put" not in script.content.decode()


def test_the_form_key_is_not_the_answers(as_, address):
    """Changed answers are another report, whatever the key of the form."""
    client, key = as_("employee"), str(uuid.uuid4())
    for text in ("ett", "två"):
        client.post(address, {"kind": "threat", "occurred_when": "just_now", "text": text, "submission_key": key})
    assert Incident.objects.count() == 2
