"""Why it happened: people, technology, organisation and what is changed, in own words; nobody's change is lost."""

from unittest import mock

import pytest
from django.urls import reverse

from incidents.errors import InvestigationChanged, OwnReport, ReasonMissing
from incidents.investigation import CHANGE, ORGANISATION, PARTS, PEOPLE, TECHNOLOGY, texts_of, token_of
from incidents.models import IncidentStatus, Narrative, Withheld
from incidents.services import investigate, investigating
from organisation import clock
from organisation.errors import NotAllowed, StaleVersion
from tests.factories.incidents import read, report

LOCK, ALONE = "Låset gick inte att stänga", "Kvällspasset var ensamt"


@pytest.fixture
def incident(town):
    """A case that the unit manager has read."""
    return read(report(town, text="Det var en kniv"), town.unit_manager)


def address(incident):
    return reverse("incidents:investigation", args=[incident.public_id])


def write(incident, by, token=None, **texts):
    token = token_of(texts_of(incident)) if token is None else token
    return investigate(incident=incident, texts=texts, token=token, by=by)


def test_each_part_is_a_text_apart_and_the_story_tells_who_and_when(town, incident):
    write(incident, town.unit_manager, **{TECHNOLOGY: f" {LOCK} ", ORGANISATION: ALONE})
    assert texts_of(incident) == {PEOPLE: "", TECHNOLOGY: LOCK, ORGANISATION: ALONE, CHANGE: ""}
    last = incident.statuses.last()
    assert (last.change, last.by, last.reason) == (IncidentStatus.Change.INVESTIGATED, town.unit_manager, "")
    assert incident.narratives.get(key="told").text == "Det var en kniv"


def test_a_part_that_is_emptied_is_gone_and_the_same_texts_change_nothing(town, incident):
    write(incident, town.unit_manager, **{TECHNOLOGY: LOCK, ORGANISATION: ALONE})
    write(incident, town.unit_manager, **{TECHNOLOGY: LOCK})
    write(incident, town.unit_manager, token="an old one", **{TECHNOLOGY: LOCK})
    assert set(incident.narratives.filter(key__in=PARTS).values_list("key", flat=True)) == {TECHNOLOGY}
    assert incident.statuses.filter(change=IncidentStatus.Change.INVESTIGATED).count() == 2


def test_something_must_be_written(town, incident):
    with pytest.raises(ReasonMissing):
        write(incident, town.unit_manager, **{TECHNOLOGY: "  "})


def test_who_saves_last_is_told_that_it_has_changed(town, incident):
    seen = token_of(texts_of(incident))
    write(incident, town.unit_manager, **{TECHNOLOGY: LOCK})
    with pytest.raises(InvestigationChanged) as refused:
        write(incident, town.head, token=seen, **{TECHNOLOGY: "Larmet var trasigt"})
    assert isinstance(refused.value, StaleVersion)
    assert texts_of(incident)[TECHNOLOGY] == LOCK


def test_control_without_the_mark_of_what_was_seen_a_text_is_lost(town, incident, monkeypatch):
    seen = token_of(texts_of(incident))
    write(incident, town.unit_manager, **{TECHNOLOGY: LOCK})
    monkeypatch.setattr(investigating, "token_of", lambda _texts: seen)
    write(incident, town.head, token=seen, **{ORGANISATION: ALONE})
    assert LOCK not in texts_of(incident).values()


@pytest.mark.parametrize("role", ["employee", "safety_coordinator", "safety_representative", "other_manager"])
def test_others_write_nothing(town, incident, role):
    with pytest.raises(NotAllowed):
        write(incident, town.people[role], **{TECHNOLOGY: LOCK})


def test_nobody_investigates_their_own_report(town):
    own = report(town, by="unit_manager")
    with pytest.raises(OwnReport):
        write(own, town.unit_manager, **{TECHNOLOGY: LOCK})


def test_it_is_whole_or_not_at_all(town, incident, monkeypatch):
    monkeypatch.setattr(investigating, "note", mock.Mock(side_effect=RuntimeError))
    with pytest.raises(RuntimeError):
        write(incident, town.unit_manager, **{TECHNOLOGY: LOCK})
    assert not Narrative.objects.filter(incident=incident, key__in=PARTS).exists()


def test_two_handlers_at_once_see_both_texts_and_choose(town, incident, as_):
    first, second = as_("unit_manager"), as_("head")
    opened = second.get(address(incident)).context["form"]["token"].value()
    sent = {TECHNOLOGY: LOCK, "token": first.get(address(incident)).context["form"]["token"].value()}
    assert first.post(address(incident), sent).status_code == 302
    mine = {TECHNOLOGY: "Larmet var trasigt", "token": opened}
    refused = second.post(address(incident), mine)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert LOCK in page
    assert "Larmet var trasigt" in page
    mine["token"] = refused.context["form"]["token"].value()
    assert second.post(address(incident), mine).status_code == 302
    assert texts_of(incident)[TECHNOLOGY] == "Larmet var trasigt"


def test_an_empty_page_says_what_is_missing(town, incident, as_):
    client = as_("unit_manager")
    token = client.get(address(incident)).context["form"]["token"].value()
    assert client.post(address(incident), {"token": token}).status_code == 422


def test_it_is_read_by_those_who_read_the_case_as_their_work_and_the_reading_is_noted(town, incident, as_):
    write(incident, town.unit_manager, **{TECHNOLOGY: LOCK})
    for role, answer in (("head", 200), ("employee", 403), ("safety_coordinator", 403), ("other_manager", 404)):
        page = as_(role).get(address(incident))
        assert page.status_code == answer, role
        assert (LOCK in page.content.decode()) is (answer == 200)
    assert incident.readings.filter(by=town.head).exists()
    Withheld.objects.create(incident=incident, person=town.head, at=clock.now())
    assert as_("head").get(address(incident)).status_code == 404


def test_the_case_shows_how_far_it_has_come(town, incident, as_):
    def row(role):
        rows = as_(role).get(reverse("incidents:case", args=[incident.public_id])).context["rows"]
        return next((one for one in rows if one.url == address(incident)), None)

    assert row("unit_manager").tone == ""
    assert row("employee") is None
    write(incident, town.unit_manager, **{TECHNOLOGY: LOCK})
    assert row("unit_manager").tone == "go"
    write(incident, town.unit_manager, **dict.fromkeys(PARTS, LOCK))
    assert row("unit_manager").tone == "done"
