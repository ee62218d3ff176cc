"""Why it happened: people, technology, organisation and what is changed, in own words; nobody's change is lost."""

from unittest import mock

import pytest
from django.urls import reverse

from incidents.errors import InvestigationChanged, OwnReport, ReasonMissing
from incidents.investigation import (
    CHANGE,
    ORGANISATION,
    PARTS,
    PEOPLE,
    TECHNOLOGY,
    earlier_wordings,
    texts_of,
    token_of,
)
from incidents.models import IncidentStatus, Narrative, NarrativeChange, Withheld
from incidents.services import investigate, investigating, purging
from organisation import clock
from organisation.errors import NotAllowed, StaleVersion
from organisation.services.sharing import share_with_person
from tests.factories.incidents import read, report
from tests.factories.retention import LONG_AGO, approved, carried_out, close_on, make_rule

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


# --- What it said before ------------------------------------------------------------------

BROKEN = "Larmet var trasigt"


@pytest.fixture
def changed(town, incident):
    """A part that one wrote, another changed and a third removed; and one that stands as it was written."""
    write(incident, town.unit_manager, **{TECHNOLOGY: LOCK})
    write(incident, town.head, **{TECHNOLOGY: BROKEN, ORGANISATION: ALONE})
    write(incident, town.coordinator, **{ORGANISATION: ALONE})
    return incident


def test_an_earlier_wording_is_kept_with_who_wrote_it_and_who_changed_it(town, changed):
    told = [
        (one.part, one.text, one.written.by, one.replaced.by, one.written.at <= one.replaced.at)
        for one in earlier_wordings(changed)
    ]
    assert told == [
        (TECHNOLOGY, BROKEN, town.head, town.coordinator, True),
        (TECHNOLOGY, LOCK, town.unit_manager, town.head, True),
    ]


def test_the_same_texts_again_leave_no_row(town, incident):
    write(incident, town.unit_manager, **{TECHNOLOGY: LOCK})
    rows = incident.narrative_changes.count()
    write(incident, town.head, **{TECHNOLOGY: LOCK})
    assert incident.narrative_changes.count() == rows == 1


def test_what_was_written_before_changes_were_kept_is_told_without_its_writer(town, incident):
    incident.narratives.create(key=CHANGE, text=LOCK)
    write(incident, town.head, **{CHANGE: BROKEN})
    (one,) = earlier_wordings(incident)
    assert (one.text, one.written, one.replaced.by) == (LOCK, None, town.head)


def test_a_refused_change_leaves_none(town, incident):
    with pytest.raises(NotAllowed):
        write(incident, town.employee, **{TECHNOLOGY: LOCK})
    with pytest.raises(InvestigationChanged):
        write(incident, town.head, token="old", **{TECHNOLOGY: LOCK})
    assert not incident.narrative_changes.exists()


def test_control_without_the_row_a_wording_is_lost(town, incident, monkeypatch):
    monkeypatch.setattr(NarrativeChange, "save", lambda *_given, **_named: None)
    write(incident, town.unit_manager, **{TECHNOLOGY: LOCK})
    write(incident, town.head, **{TECHNOLOGY: BROKEN})
    assert earlier_wordings(incident) == []
    assert LOCK not in str(list(incident.narratives.values()))


def test_it_is_shown_to_those_who_handle_the_case_alone(town, changed, as_):
    share_with_person(
        obj=changed,
        person=town.other_manager,
        reason="Liknande ärende",
        until=clock.today(),
        by=town.unit_manager,
        assessment="Prövat",
    )
    for role, sees in (("unit_manager", True), ("head", True), ("other_manager", False)):
        page = as_(role).get(address(changed))
        assert page.status_code == 200
        assert (LOCK in page.content.decode()) is sees
        assert ALONE in page.content.decode()
        assert bool(page.context["earlier"]) is sees
    assert as_("safety_coordinator").get(address(changed)).status_code == 403


def test_it_can_be_disclosed_or_masked_and_is_masked_until_somebody_shows_it(town, changed, as_):
    form = as_("head").get(reverse("incidents:disclosure_new", args=[changed.public_id])).context["form"]
    kept = [item for item in form.items if item.key.startswith("NarrativeChange")]
    assert [item.value for item in kept] == [LOCK, BROKEN]
    assert {form[item.key].value() for item in kept} == {"mask"}


def test_what_must_not_be_here_is_removed_from_it_too(town, changed):
    first = changed.narrative_changes.get(text=LOCK)
    assert f"NarrativeChange-{first.pk}" in dict(purging.pieces_of(changed))
    purging.purge_content(
        incident=changed, what=[f"NarrativeChange-{first.pk}"], reason="Skyddsvärt", by=town.unit_manager
    )
    assert LOCK not in str(list(changed.narrative_changes.values()))
    assert changed.narrative_changes.filter(text=BROKEN).exists()


def test_it_goes_with_the_case(town, changed):
    make_rule(town)
    close_on(changed, LONG_AGO)
    changed.notices.update(state="withdrawn")
    proposal = carried_out(town, approved(town))
    assert not NarrativeChange.objects.exists()
    assert proposal.items.get().removed["incidents.narrativechange"] == 4
