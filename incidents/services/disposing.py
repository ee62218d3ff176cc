"""Carrying out a disposal: the archive package leaves first, then each case goes in a transaction of its own.

The proposal's rows are the promise and the log. A worker may be killed anywhere: a case is removed whole or not at
all, and the next attempt goes on after the last one.
"""

import hashlib
from collections.abc import Mapping
from io import BytesIO
from typing import IO, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import override

from incidents.disposal.due import REOPENED, cases_merged_with, reasons_to_keep
from incidents.disposal.messages import messages_about
from incidents.disposal.package import archive_package
from incidents.disposal.removing import remove_case
from incidents.models import DisposalItem, DisposalProposal, Incident, ProposalState
from incidents.permissions import PROPOSE_DISPOSAL
from incidents.services.drafts import delete_ended_drafts
from incidents.services.exporting import sweep_exports
from notifications.jobs import Claim, LeaseLost, does, publishing, queue_job
from notifications.models import Job, JobState
from organisation import clock
from organisation.access import require
from organisation.errors import WrongState
from organisation.models import User

DISPOSAL_JOB = "disposal"
FOLDER = "disposals"
# Cases whose messages are looked for in one walk through the outbox.
AT_A_TIME = 200


@transaction.atomic
def carry_out_disposal(*, proposal: DisposalProposal, by: User) -> DisposalProposal:
    """Have an approved proposal carried out; asked for twice it is done once, after failures it is begun anew.

    Raises ``NotAllowed``, ``WrongState`` unless it is approved.
    """
    rows = DisposalProposal.objects.select_for_update(of=("self",))
    proposal = rows.select_related("municipality", "body__municipality", "job").get(pk=proposal.pk)
    require(by, PROPOSE_DISPOSAL, proposal.body)
    if proposal.state != ProposalState.APPROVED:
        raise WrongState
    if proposal.job is not None and proposal.job.state != JobState.PARKED:
        return proposal
    proposal.job = queue_job(kind=DISPOSAL_JOB, municipality=proposal.municipality)
    proposal.save()
    return proposal


def _given_up(_job_id: int) -> None:
    """Whoever asked reads it from the job's row, and may begin it anew: what is removed is in the log."""


@does(DISPOSAL_JOB, when_parked=_given_up)
def dispose(claim: Claim) -> None:
    """Carry out the job's proposal: package, cases one by one, and what belongs to no single case."""
    proposal = DisposalProposal.objects.select_related("municipality", "body").get(job_id=claim.job_id)
    if not proposal.package:
        _keep_what_must_wait(proposal)
        _pack(proposal, claim)
    while items := list(_left(proposal)[:AT_A_TIME]):
        messages = messages_about(proposal.municipality, [item.incident for item in items])
        for item in items:
            if not Job.objects.held(claim.job_id, claim.attempt).exists():
                raise LeaseLost
            _dispose_of(item, messages)
    # Drafts are kept a day; that they are gone does not wait for the hourly look.
    delete_ended_drafts()
    # Copies made for people who asked what is held about them: whoever asks again gets what is held now.
    sweep_exports(of=proposal.municipality)
    _sweep(proposal)
    with publishing(claim):
        proposal.state = ProposalState.DONE
        proposal.save()


def package_file(proposal: DisposalProposal) -> IO[bytes]:
    """Open the archive package; raises ``FileNotFoundError`` when there is none."""
    if not proposal.package:
        raise FileNotFoundError
    return default_storage.open(proposal.package)


def _left(proposal: DisposalProposal) -> "models.QuerySet[DisposalItem]":
    left = proposal.items.filter(kept_reason="", disposed_at__isnull=True)
    return left.select_related("incident").order_by("closed_on", "pk")


def _keep_what_must_wait(proposal: DisposalProposal) -> None:
    """Take out what has come up since it was proposed, with those merged with it, before the package is made."""
    for item in _left(proposal).iterator(chunk_size=AT_A_TIME):
        why = _why_kept(item.incident)
        if why:
            together = cases_merged_with(item.incident)
            proposal.items.filter(incident__in=together, kept_reason="").update(kept_reason=why)


@transaction.atomic
def _dispose_of(item: DisposalItem, messages: Mapping[int, list[int]]) -> None:
    """Remove one case, once: whoever comes second finds it done, or kept since it has been taken up again."""
    item = DisposalItem.objects.select_for_update().get(pk=item.pk)
    if item.disposed_at is not None or item.kept_reason:
        return
    incident = Incident.objects.select_for_update(of=("self",)).get(pk=item.incident_id)
    item.kept_reason = _why_kept(incident)
    if not item.kept_reason:
        item.removed = remove_case(incident, messages.get(incident.pk, ()))
        item.disposed_at = clock.now()
    item.save()


def _why_kept(incident: Incident) -> str:
    """Return why the case must wait now, in the municipality's language; nothing when it need not."""
    with override(settings.LANGUAGE_CODE):
        return str(reasons_to_keep([incident.pk]).get(incident.pk, "" if incident.is_closed else REOPENED))


def _pack(proposal: DisposalProposal, claim: Claim) -> None:
    """Make the archive package, keep it under this attempt's key, and note it while the claim still holds."""
    with override(settings.LANGUAGE_CODE), archive_package(proposal) as file:
        digest = hashlib.file_digest(cast(BytesIO, file), "sha256").hexdigest()
        file.seek(0)
        name = default_storage.save(f"{_folder(proposal)}/{claim.attempt}.zip", File(file))
    with transaction.atomic():
        # Locked, so that no other attempt notes its own meanwhile.
        held = Job.objects.held(claim.job_id, claim.attempt).select_for_update().exists()
        if held:
            proposal.package, proposal.package_digest = name, digest
            proposal.save()
    if not held:
        default_storage.delete(name)
        raise LeaseLost


def _sweep(proposal: DisposalProposal) -> None:
    """Delete packages that an attempt stored and nobody noted."""
    _folders, names = default_storage.listdir(_folder(proposal))
    for name in names:
        if f"{_folder(proposal)}/{name}" != proposal.package:
            default_storage.delete(f"{_folder(proposal)}/{name}")


def _folder(proposal: DisposalProposal) -> str:
    return f"{FOLDER}/{proposal.public_id}"
