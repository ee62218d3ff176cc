"""Provisions of the Public Access to Information and Secrecy Act (OSL) that are met in cases; data to choose from.

None of them decides anything: each disclosure is assessed on the day that somebody asks.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Chapter and section → what it protects, in brief.
PROVISIONS: Mapping[str, str | Promise] = {
    "OSL 21:1": _("health and sex life, whoever holds the document"),
    "OSL 21:3": _("address and phone number of somebody who is persecuted"),
    "OSL 21:7": _("personal data that would be handled against data-protection law"),
    "OSL 23:1": _("a child's personal circumstances in preschool"),
    "OSL 23:2": _("a pupil's personal circumstances in school"),
    "OSL 25:1": _("a patient's health and personal circumstances"),
    "OSL 26:1": _("a client's personal circumstances in social services"),
    "OSL 35:1": _("an individual's circumstances in a criminal investigation"),
    "OSL 39:1": _("an employee's talks with a psychologist or counsellor at work"),
    "OSL 39:2": _("an employee's health, or matters of moving or pensioning somebody"),
    "OSL 39:3": _("personal details of staff who risk violence or harassment"),
    "OSL 18:1": _("a criminal investigation that would be harmed"),
    "OSL 18:8": _("security and guarding measures"),
    "OSL 18:13": _("risk and vulnerability analyses"),
    "OSL 15:2": _("the country's defence and security"),
}
OTHER = "other"


def provision_choices(*, other: bool = True) -> list[tuple[str, str]]:
    """Return (value, words) of each provision, and one for a provision that is typed."""
    known = [(key, f"{key}: {words}") for key, words in PROVISIONS.items()]
    return [*known, (OTHER, str(_("Another provision")))] if other else known
