"""What the portal holds about one person, for a request under GDPR article 15; others' identities are left out.

What lies under secrecy for the person themselves, such as a case that is kept from them, is not part of it.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from incidents.disclosure.items import moment
from incidents.disclosure.questions import answer_words, question_words
from incidents.models import Assignment, CaseTask, Identity, Incident, IncidentGrant, IncidentStatus, ReadLog
from organisation.models import Appointment, User
from organisation.pages.person import period_of

Row = dict[str, str]


def held_about(person: User, asked_by: User) -> dict[str, Any]:
    """Return sections (title → rows of words) of what is held about ``person``, in the language in force.

    A case that is kept from ``person``, or from ``asked_by`` who collects it, is left out.
    """
    parts: tuple[tuple[str, Callable[[], list[Row]]], ...] = (
        (_("Account"), lambda: _account(person)),
        (_("Seats"), lambda: _seats(person)),
        (_("Own reports"), lambda: [row for case in own_reports(person, asked_by) for row in _report(case)]),
        (_("Named in cases"), lambda: _named(person, asked_by)),
        (_("Cases that the person handles or has handled"), lambda: _handled(person, asked_by)),
        (_("Cases that were shared with the person"), lambda: _shared(person, asked_by)),
        (_("What the person has opened"), lambda: _readings(person, asked_by)),
    )
    return {
        "person": person.name,
        "made_for": asked_by.name,
        "sections": [{"title": title, "rows": read()} for title, read in parts],
        "left_out": _(
            "Other people's names are left out, and so is what secrecy keeps from the person. Texts that others have "
            "written are assessed case by case when somebody asks for them."
        ),
    }


def own_reports(person: User, asked_by: User) -> list[Incident]:
    """Return the cases that the person has reported, and that the export holds."""
    own = Incident.objects.reported_by(person).exclude(withheld__person__in=(person, asked_by))
    return list(own.select_related("body").order_by("reported_at", "pk"))


def _account(person: User) -> list[Row]:
    return [
        {"label": _("Name"), "value": person.name},
        {"label": _("E-mail"), "value": person.email},
        {"label": _("Personnel id"), "value": person.external_id or "–"},
        {"label": _("Account since"), "value": moment(person.date_joined)},
        {"label": _("Last log-in"), "value": moment(person.last_login) or "–"},
    ]


def _seats(person: User) -> list[Row]:
    held = Appointment.objects.filter(person=person).with_seat().order_by("valid_from", "pk")
    return [
        {
            "label": f"{one.seat.seat_type.title}, {one.seat.body.name}",
            "value": period_of(one.valid_from, one.valid_to),
        }
        for one in held
    ]


def _report(case: Incident) -> list[Row]:
    """The person's own report: what they told, and what was said to them; no word of others' notes."""
    rows = [{"label": case.label, "value": f"{case.get_kind_display()}, {case.body.name}, {moment(case.reported_at)}"}]
    rows += [
        {"label": f"{case.label}: {question_words(one.key)}", "value": one.text}
        for one in case.narratives.exclude(key__startswith="cause_").order_by("pk")
    ]
    rows += [
        {"label": f"{case.label}: {question_words(one.key)}", "value": _words(answer_words(one.key, one.value))}
        for one in case.open_answers.order_by("pk")
    ]
    rows += [
        {"label": f"{case.label}: {one.get_kind_display()}, {moment(one.at)}", "value": one.text}
        for one in case.messages.order_by("at", "pk")
    ]
    return rows


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _named(person: User, asked_by: User) -> list[Row]:
    """Identities that name the person by account, beside as reporter."""
    named = Identity.objects.filter(person=person).exclude(role=Identity.Role.REPORTER)
    named = named.filter(incident__disposed_at__isnull=True)
    named = named.exclude(incident__withheld__person__in=(person, asked_by)).select_related("incident")
    return [
        {"label": one.incident.label, "value": ", ".join(filter(None, (one.get_role_display(), one.name, one.contact)))}
        for one in named.order_by("pk")
    ]


def _handled(person: User, asked_by: User) -> list[Row]:
    own = Q(person=person)
    given = Assignment.objects.filter(own).exclude(incident__withheld__person=asked_by).select_related("incident")
    rows = [
        {"label": one.incident.label, "value": f"{one.title}, {moment(one.assigned_at)}"}
        for one in given.order_by("assigned_at", "pk")
    ]
    done = IncidentStatus.objects.filter(by=person).exclude(incident__withheld__person=asked_by)
    rows += [
        {"label": one.incident.label, "value": f"{one.get_change_display()}, {moment(one.at)}"}
        for one in done.select_related("incident").order_by("at", "pk")
    ]
    tasks = CaseTask.objects.filter(assigned_to=person).exclude(incident__withheld__person=asked_by)
    return rows + [
        {"label": one.incident.label, "value": f"{one.get_kind_display()}, {moment(one.created_at)}"}
        for one in tasks.select_related("incident").order_by("created_at", "pk")
    ]


def _shared(person: User, asked_by: User) -> list[Row]:
    grants = IncidentGrant.objects.filter(user=person).exclude(content_object__withheld__person__in=(person, asked_by))
    return [
        {"label": one.content_object.label, "value": period_of(one.valid_from, one.valid_to)}
        for one in grants.select_related("content_object").order_by("pk")
    ]


def _readings(person: User, asked_by: User) -> list[Row]:
    read = ReadLog.objects.filter(by=person).exclude(incident__withheld__person=asked_by).select_related("incident")
    return [
        {"label": one.incident.label, "value": f"{one.get_what_display()}, {moment(one.at)}"}
        for one in read.order_by("at", "pk")
    ]
