"""Disposal removes everything that is held about a case, wherever it is, and leaves what is counted."""

import ast
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.files.storage import default_storage

from followup.figures import CHAPTERS, compute
from followup.models import Edition
from incidents.disposal import held, removing
from incidents.disposal.held import Fate, everything_held
from incidents.disposal.messages import CASE_KEYS, messages_about
from incidents.disposal.package import archive_package
from incidents.disposal.removing import remove_case
from incidents.disposal.stored import _drop_now
from incidents.models import (
    Claim,
    ClaimState,
    DisposalItem,
    DisposalProposal,
    Incident,
    IncidentState,
    Narrative,
    ProposalState,
    StatutoryNotice,
)
from incidents.services import disposing
from incidents.services.retaining import propose_disposal
from notifications.jobs import LeaseLost, claim_job
from notifications.models import Job, JobState, OutboxMessage
from organisation import clock
from organisation.errors import NotAllowed, WrongState
from risks.models import RiskGround
from tests.factories.incidents import make_incidents, report
from tests.factories.retention import approved, carried_out, close_on, closed_case, deliver_removals, make_rule
from tests.incidents.disposal_world import CANARY, fill_case
from tests.reading import text_of


@pytest.fixture
def case(town):
    """A case that was closed long ago, with a canary in all that is held about it."""
    make_rule(town)
    found = closed_case(town, text=CANARY)
    fill_case(town, found)
    # What would keep it is settled.
    Claim.objects.update(state=ClaimState.ACCEPTED)
    StatutoryNotice.objects.update(state="withdrawn")
    return found


def holding(word: str) -> set[str]:
    """The tables, history among them, and the stored files that hold ``word``."""
    tables = {
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        if word in serializers.serialize("json", model._base_manager.all())
    }
    return tables | {f"file {name}" for name, content in stored() if word.encode() in content}


def stored(folder: str = "") -> Iterator[tuple[str, bytes]]:
    """Every stored file; of an archive, each of its parts."""
    folders, names = default_storage.listdir(folder)
    for name in names:
        with default_storage.open(f"{folder}/{name}") as file:
            content = file.read()
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for part in archive.namelist():
                    yield f"{folder}/{name}/{part}", archive.read(part)
        else:
            yield f"{folder}/{name}", content
    for one in folders:
        yield from stored(f"{folder}/{one}".lstrip("/"))


@pytest.fixture(autouse=True)
def own_storage(tmp_path, settings):
    """Files of other tests are no business of this one."""
    settings.MEDIA_ROOT = str(tmp_path)


class TestNothingIsLeft:
    def test_before_it_the_canary_is_in_every_table_told_of(self, town, case):
        with_text = {
            table.name
            for table in everything_held()
            if table.fate is not Fate.KEPT and CANARY in serializers.serialize("json", table.rows_of(case.pk))
        }
        assert with_text <= holding(CANARY)
        assert len(with_text) > 12
        assert {"incidents.historicalincident", "incidents.reportdraft", "attachments.attachment"} <= holding(CANARY)
        assert len([one for one in holding(CANARY) if one.startswith("file")]) == 4

    def test_after_it_nowhere(self, town, case):
        address, number = str(case.public_id), case.label
        assert carried_out(town, approved(town)).state == ProposalState.DONE
        assert holding(CANARY) == set()
        assert holding(address) == set()
        # The number stands in the log and in the archive package, and nowhere else.
        tables = {one for one in holding(number) if not one.startswith("file disposals/")}
        assert tables == {"incidents.disposalitem"}

    def test_nobody_is_named_any_more(self, town, case):
        carried_out(town, approved(town))
        case.refresh_from_db()
        assert not case.identities.exists()
        assert {row.history_user_id for row in case.history.all()} == {None}
        assert case.history.count() == 1

    def test_whoever_had_the_address_finds_nothing(self, town, as_, case):
        carried_out(town, approved(town))
        for role in ("unit_manager", "employee", "safety_coordinator"):
            assert as_(role).get(f"/incidents/{case.public_id}/").status_code == 404
            assert case.label not in as_(role).get("/incidents/?state=all").content.decode()

    def test_other_cases_keep_everything(self, town, case):
        other = closed_case(town, text="Ett annat", closed_on=clock.today())
        messages = OutboxMessage.objects.filter(once_key__contains=str(other.public_id)).count()
        carried_out(town, approved(town))
        other.refresh_from_db()
        assert (other.narratives.count(), other.identities.count(), other.statuses.count()) == (1, 1, 1)
        assert other.history.count() == 1
        assert OutboxMessage.objects.filter(once_key__contains=str(other.public_id)).count() == messages > 0

    @pytest.mark.parametrize("table", ["incidents.narrative", "incidents.message", "incidents.incidentstatus"])
    def test_control_a_table_left_out_is_found(self, town, case, monkeypatch, table):
        model = apps.get_model(table)
        monkeypatch.setattr(held, "_held", {key: one for key, one in held._held.items() if key is not model})
        carried_out(town, approved(town))
        assert table in holding(CANARY) <= {table, "notifications.outboxmessage"}

    @pytest.mark.parametrize(
        ("left_out", "found"),
        [
            ("_remove_history", "incidents.historicalincident"),
            ("remove_file", "file "),
            ("drop_folder", "file disclosures/"),
            ("_empty_rows", "incidents.claim"),
            ("_empty", "incidents.incident"),
        ],
    )
    def test_control_a_step_left_out_is_found(self, town, case, monkeypatch, left_out, found):
        monkeypatch.setattr(f"incidents.disposal.removing.{left_out}", lambda *_given, **_named: 0)
        carried_out(town, approved(town))
        assert any(one.startswith(found) for one in holding(CANARY))

    def test_control_messages_left_out_are_found(self, town, case, monkeypatch):
        monkeypatch.setattr(disposing, "messages_about", lambda *_arguments: {})
        carried_out(town, approved(town))
        assert holding(CANARY) == {"notifications.outboxmessage"}


class TestStoredFiles:
    """Bytes go after the rows, and never without them: by the outbox, whatever kills the worker."""

    def bytes_of(self, case) -> set[str]:
        """The stored files with the canary: one of the case itself, two of the paper of a disclosure."""
        return {name for name in holding(CANARY) if name.startswith(("file disclosures/", "file test/"))}

    def test_they_are_there_until_the_removal_is_committed_and_the_outbox_then_deletes_them(self, town, case):
        proposal = disposing.carry_out_disposal(proposal=approved(town), by=town.archivist)
        # In a test nothing is committed: as if the worker was killed right after the commit.
        disposing.dispose(claim_job(proposal.job_id))
        assert not case.attachments.exists()
        assert len(self.bytes_of(case)) == 3
        deliver_removals()
        assert holding(CANARY) == set()

    def test_they_go_at_once_where_nothing_is_killed(self, town, case, django_capture_on_commit_callbacks):
        proposal = disposing.carry_out_disposal(proposal=approved(town), by=town.archivist)
        with django_capture_on_commit_callbacks(execute=True):
            disposing.dispose(claim_job(proposal.job_id))
        assert holding(CANARY) == set()

    def test_a_removal_that_fails_leaves_the_case_whole(self, town, case, monkeypatch):
        assert self.after_a_failure(town, case, monkeypatch) == 3
        assert case.attachments.get().attachment.file

    def test_the_next_attempt_removes_it(self, town, case, monkeypatch):
        self.after_a_failure(town, case, monkeypatch)
        monkeypatch.undo()
        proposal = DisposalProposal.objects.get()
        Job.objects.filter(pk=proposal.job_id).update(lease_until=clock.now() - timedelta(minutes=1))
        disposing.dispose(claim_job(proposal.job_id))
        deliver_removals()
        assert holding(CANARY) == set()

    def test_control_bytes_that_go_first_are_lost_to_a_case_that_stays(self, town, case, monkeypatch):
        monkeypatch.setattr(removing, "drop_folder", lambda folder, *, municipality: _drop_now(key=folder) or 0)
        monkeypatch.setattr(removing, "remove_file", lambda file: default_storage.delete(file.file))
        assert self.after_a_failure(town, case, monkeypatch) == 0
        assert case.attachments.get().attachment.file

    def after_a_failure(self, town, case, monkeypatch):
        """Let the removal fail at its last step; return how many of the case's files are stored still."""
        proposal = disposing.carry_out_disposal(proposal=approved(town), by=town.archivist)
        monkeypatch.setattr(removing, "_empty", mock.Mock(side_effect=RuntimeError))
        with pytest.raises(RuntimeError):
            disposing.dispose(claim_job(proposal.job_id))
        deliver_removals()
        assert DisposalItem.objects.get().disposed_at is None
        return len(self.bytes_of(case))


class TestEverythingIsTold:
    """A new table about cases fails until somebody has said what disposal does with it."""

    # Rows of the case itself, and tables of history, which go with their own.
    OWN = {Incident}

    def untold(self) -> set[str]:
        told = {table.model for table in everything_held()} | self.OWN
        about = {Incident} | {table.model for table in everything_held()}
        found = set()
        for model in apps.get_models():
            if model in told or hasattr(model, "instance_type"):
                continue
            to = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
            if to & about:
                found.add(model._meta.label_lower)
        return found

    # What points at a table about cases without being about one: the fund's entries cite a claim, and stay.
    POINTS = {"incidents.fundentry"}

    def test_every_table_that_points_at_a_case_is_told_of(self):
        assert self.untold() == self.POINTS

    def test_control_a_table_that_is_not_told_of_is_seen(self, monkeypatch):
        monkeypatch.setattr(held, "_held", {key: one for key, one in held._held.items() if key is not Narrative})
        assert "incidents.narrative" in self.untold()

    def test_the_fund_says_nothing_about_the_case(self):
        """Its note is checked where it is written; it keeps amounts, days and the number."""
        assert Claim._meta.get_field("fund_entries").remote_field.name == "claim"


class TestMessages:
    """What is put into the outbox about a case is found again by what it carries."""

    # Of the message itself, and the person whom it goes to.
    # A key is of a stored file: nothing of it tells whose it was.
    OWN = frozenset({"municipality", "once_key", "delay", "person_id", "key"})

    def keys(self) -> dict[str, str]:
        """The names by which a message names a row, with where it is sent from."""
        found: dict[str, str] = {}
        for path in [*Path("incidents").rglob("*.py"), *Path("attachments").rglob("*.py")]:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "enqueue":
                    found |= {word.arg: str(path) for word in node.keywords if word.arg}
        return {name: path for name, path in found.items() if name not in self.OWN}

    def test_each_name_is_known(self):
        known = {table.message_key for table in everything_held()} | set(CASE_KEYS)
        assert {"status_id", "attachment_id"} <= self.keys().keys()
        assert not self.keys().keys() - known

    def test_messages_of_another_case_are_left(self, town, case):
        other = closed_case(town, closed_on=clock.today())
        found = messages_about(town.municipality, [case])
        assert set(found) == {case.pk}
        own = OutboxMessage.objects.filter(once_key__contains=str(other.public_id)).values_list("pk", flat=True)
        assert own
        assert not set(own) & set(found[case.pk])


class TestStatistics:
    def figures(self, town) -> dict[str, object]:
        """Every chapter of the yearly report, of both editions."""
        year = clock.today().year
        return {
            f"{edition} {kind}": compute(
                kind, municipality=town.municipality, year=year, edition=edition, cut_off=clock.today()
            )
            for edition in Edition.values
            for kind in (chapter.key for chapter in CHAPTERS)
        }

    def test_the_figures_are_the_same_before_and_after(self, town, case):
        make_incidents(town.bodies["care-south"], 6, kind="accident", cost_ore=250_000)
        for number, one in enumerate(Incident.objects.exclude(pk=case.pk)[:3]):
            close_on(one, case.closed_at.date() + timedelta(days=number))
        Incident.objects.update(cost_ore=1_000_000, serious=True, first_answered_at=clock.now())
        before = self.figures(town)
        proposal = carried_out(town, approved(town))
        assert proposal.items.filter(disposed_at__isnull=False).count() == 4
        assert self.figures(town) == before

    @pytest.mark.parametrize("role", ["safety_coordinator", "head", "board_chair"])
    def test_the_page_of_figures_tells_the_same_before_and_after(self, town, as_, case, role):
        for number in range(6):
            close_on(report(town, kind="violence"), case.closed_at.date() + timedelta(days=number))
        client = as_(role)
        before = self.told(client)
        assert carried_out(town, approved(town)).items.filter(disposed_at__isnull=False).count() == 7
        assert self.told(client) == before

    def told(self, client) -> str:
        """The page's text, but for the one figure that is about disposal."""
        return re.sub(
            r"(Gallrade, och bara räknade|Disposed of, and only counted) \d+ \d+ ",
            "",
            text_of(client.get("/incidents/figures/")),
        )

    def test_control_a_case_that_is_deleted_changes_them(self, town, case):
        before = self.figures(town)
        close_on(case, clock.today())
        Incident.objects.filter(pk=case.pk).update(occurred_on=clock.today() - timedelta(days=800))
        assert self.figures(town) != before

    def test_what_is_counted_stays(self, town, case):
        carried_out(town, approved(town))
        assert Incident.objects.of(town.municipality).by_kind() == {"threat": 1}
        assert StatutoryNotice.objects.filter(incident=case).count() == 1
        assert case.support_offers.count() == case.consequences.count() == case.claims.count() == 1

    def test_a_risk_is_grounded_by_the_number_still(self, town, case):
        carried_out(town, approved(town))
        assert RiskGround.objects.get().incident.label == case.label


class TestTheLog:
    def test_it_says_what_went_when_and_by_which_rule(self, town, case):
        proposal = carried_out(town, approved(town))
        item = proposal.items.get()
        assert item.label == case.label
        assert item.removed["incidents.narrative"] == 1
        assert item.removed["files"] == 3
        assert item.removed["notifications.outboxmessage"] >= 3
        assert item.rule.paragraph == "41/2012"

    def test_as_a_file(self, town, as_, case):
        proposal = carried_out(town, approved(town))
        sent = b"".join(as_("archivist").get(f"/incidents/disposal/{proposal.public_id}/log.csv"))
        header, line = list(csv.reader(io.StringIO(sent.decode("utf-8-sig")), delimiter=";"))
        assert len(header) == len(line) == 7
        assert line[0] == case.label
        assert "2012.117" in line[3]

    def test_the_archive_package_holds_open_fields(self, town, as_, case):
        proposal = carried_out(town, approved(town))
        answer = as_("archivist").get(f"/incidents/disposal/{proposal.public_id}/package/")
        content = b"".join(answer)
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert package.namelist() == ["proposal.json", "index.csv", "cases.jsonl"]
            told = json.loads(package.read("cases.jsonl"))
            assert json.loads(package.read("proposal.json"))["paragraph"] == "12"
            assert case.label in package.read("index.csv").decode()
        assert (told["number"], told["kind"]) == (case.label, "threat")
        assert CANARY not in json.dumps(told)
        assert answer["Content-Disposition"].startswith("attachment")

    def test_the_same_cases_give_the_same_package(self, town, case):
        proposal = approved(town)
        with archive_package(proposal) as first, archive_package(proposal) as second:
            assert first.read() == second.read()

    def test_the_package_is_the_archivists(self, town, as_, case):
        proposal = carried_out(town, approved(town))
        address = f"/incidents/disposal/{proposal.public_id}/package/"
        assert as_("committee_secretary").get(address).status_code == 403
        assert as_("head").get(address).status_code == 404


class TestCarryingOut:
    def test_only_what_is_approved(self, town, case):
        proposal = propose_disposal(authority=town.bodies["care"], by=town.archivist)
        with pytest.raises(WrongState):
            disposing.carry_out_disposal(proposal=proposal, by=town.archivist)

    def test_only_by_who_proposes(self, town, case):
        proposal = approved(town)
        for by in ("committee_secretary", "head", "employee"):
            with pytest.raises(NotAllowed):
                disposing.carry_out_disposal(proposal=proposal, by=town.people[by])

    def test_asked_for_twice_it_is_one_job(self, town, case):
        proposal = approved(town)
        first = disposing.carry_out_disposal(proposal=proposal, by=town.archivist)
        assert disposing.carry_out_disposal(proposal=proposal, by=town.archivist).job == first.job

    def test_a_case_that_was_taken_up_again_is_kept(self, town, case):
        other = closed_case(town)
        proposal = approved(town)
        Incident.objects.filter(pk=case.pk).update(state=IncidentState.READ)
        carried_out(town, proposal)
        kept = proposal.items.get(incident=case)
        assert kept.kept_reason
        assert case.narratives.filter(text=CANARY).exists()
        assert proposal.items.get(incident=other).disposed_at

    def test_a_claim_that_came_meanwhile_keeps_the_case(self, town, case):
        proposal = approved(town)
        Claim.objects.filter(incident=case).update(state=ClaimState.SENT)
        carried_out(town, proposal)
        assert proposal.items.get().kept_reason
        assert case.identities.exists()

    def test_another_attempt_goes_on_after_the_last_case(self, town, case):
        other = closed_case(town)
        proposal = approved(town)
        run = disposing.carry_out_disposal(proposal=proposal, by=town.archivist).job
        claim = claim_job(run.pk)
        # The worker dies in the middle of the second case.
        with (
            mock.patch.object(disposing, "remove_case", side_effect=_dies_at_the_second()),
            pytest.raises(KeyboardInterrupt),
        ):
            disposing.dispose(claim)
        assert DisposalItem.objects.filter(disposed_at__isnull=False).count() == 1
        Job.objects.filter(pk=run.pk).update(lease_until=clock.now() - timedelta(minutes=1))
        disposing.dispose(claim_job(run.pk))
        deliver_removals()
        proposal.refresh_from_db()
        assert proposal.state == ProposalState.DONE
        assert holding(CANARY) == set()
        assert not other.identities.exists()

    def test_a_worker_that_lost_its_lease_stops(self, town, case):
        proposal = approved(town)
        run = disposing.carry_out_disposal(proposal=proposal, by=town.archivist).job
        claim = claim_job(run.pk)
        Job.objects.filter(pk=run.pk).update(attempt=7)
        with pytest.raises(LeaseLost):
            disposing.dispose(claim)
        assert case.identities.exists()
        assert not DisposalProposal.objects.get().package
        assert not [name for name, _content in stored() if name.startswith("disposals")]

    def test_after_failures_it_can_be_begun_anew(self, town, case):
        proposal = approved(town)
        first = disposing.carry_out_disposal(proposal=proposal, by=town.archivist).job
        Job.objects.filter(pk=first.pk).update(state=JobState.PARKED)
        second = disposing.carry_out_disposal(proposal=proposal, by=town.archivist).job
        assert second != first


def _dies_at_the_second():
    calls = []

    def remove(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return remove_case(*arguments)

    return remove


def test_the_storage_of_the_test_is_its_own(tmp_path):
    assert str(settings.MEDIA_ROOT) == str(tmp_path)
