"""The code by which a reporter returns without log-in, and how often one address may try.

The code is made from the portal's own key and the form's, so that the same form gets the same code however often it
is sent; what is stored is its hash, made with another of the portal's keys.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from incidents.errors import TooManyTries, UnknownCode
from incidents.models import CodeLookups, Incident, ReportCode
from organisation import clock

log = logging.getLogger(__name__)

DIGITS = 16
# Wrong codes from one address during an hour: a whole municipality may sit behind one, and there are 10^16 codes.
MOST_WRONG = 60
# Reports without log-in from one address during an hour that are each told by a mail; none is ever refused.
MOST_TOLD = 20
# Counters older than this say nothing any more.
KEPT_FOR = timedelta(days=2)


def code_of(incident: Incident) -> str:
    """Return the code of the case's report, 16 digits; empty where it has none (taken by phone, imported)."""
    kept = ReportCode.objects.filter(incident=incident).values_list("code_hash", flat=True).first()
    if kept is None:
        return ""
    codes = (_code(incident, key) for key in _keys())
    return next((code for code in codes if any(constant_time_compare(kept, one) for one in _hashes(code))), "")


def grouped(code: str) -> str:
    """Return the code as people read it: four and four."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))


def write_code(incident: Incident) -> None:
    """Store the hash of the new case's code."""
    code = _code(incident, settings.SECRET_KEY)
    ReportCode.objects.create(incident=incident, code_hash=next(_hashes(code)))


def incident_by_code(*, code: str, address: str) -> Incident:
    """Return the case whose code was written, tried from the network address ``address``.

    Raises ``UnknownCode``, and ``TooManyTries`` when the address has tried too many wrong ones during the hour or the
    tries can't be counted: here the door stays shut. Not one transaction: a wrong try is counted all the same.
    """
    try:
        row = _counted("code", address)
    except DatabaseError as error:
        log.warning("tries of codes can't be counted", extra={"error": type(error).__name__})
        raise TooManyTries from None
    if row.count > MOST_WRONG:
        raise TooManyTries
    digits = "".join(sign for sign in code if sign.isdigit())
    found = ReportCode.objects.filter(code_hash__in=list(_hashes(digits))).select_related("incident").first()
    if found is None or found.incident.disposed_at is not None:
        raise UnknownCode
    # A right code is no try to guess one.
    CodeLookups.objects.filter(pk=row.pk).update(count=F("count") - 1)
    return found.incident


def is_one_of_many(*, address: str) -> bool:
    """Count a report without log-in from ``address``; tell whether its mails are bundled with those of the others.

    Never a reason to refuse one: when it can't be counted it is an ordinary report.
    """
    try:
        return _counted("report", address).count > MOST_TOLD
    except DatabaseError as error:
        log.warning("reports from one address can't be counted", extra={"error": type(error).__name__})
        return False


def delete_old_lookups() -> int:
    """Delete counters that say nothing any more; return how many."""
    deleted, _by_model = CodeLookups.objects.filter(hour__lt=clock.now() - KEPT_FOR).delete()
    return deleted


@transaction.atomic
def _counted(what: str, address: str) -> CodeLookups:
    """Count one try of ``what`` from the address and return its row; the address itself is kept nowhere."""
    hashed = salted_hmac(f"incidents.lookups.{what}", address, algorithm="sha256").hexdigest()
    row, _created = CodeLookups.objects.get_or_create(address_hash=hashed, hour=_this_hour())
    CodeLookups.objects.filter(pk=row.pk).update(count=F("count") + 1)
    row.refresh_from_db(fields=["count"])
    return row


def _this_hour() -> datetime:
    return clock.now().replace(minute=0, second=0, microsecond=0)


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _code(incident: Incident, key: str) -> str:
    mac = salted_hmac("incidents.code", str(incident.submission_key), secret=key, algorithm="sha256").digest()
    return str(int.from_bytes(mac) % 10**DIGITS).zfill(DIGITS)


def _hashes(code: str) -> Iterator[str]:
    """Yield the hash of the code under the portal's key and under each earlier one, today's first."""
    for key in _keys():
        yield salted_hmac("incidents.code_hash", code, secret=key, algorithm="sha256").hexdigest()
