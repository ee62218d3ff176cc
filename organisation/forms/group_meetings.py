"""The form of a meeting's notes: who took part, and rows of decisions and actions that grow by a button."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from organisation import clock
from organisation.forms.choosing import ChoosingForm, PersonChoice
from organisation.forms.growing import MORE_BUTTON, GrowingFormSet, growing_formset, with_more
from organisation.groups import members_on
from organisation.models import MEMBERSHIPS, Appointment, Body, GroupMeeting, Seat, SeatKind, User
from organisation.services.group_meetings import ActionValues, DecisionValues, MeetingValues
from safety_portal.forms import DateField, PortalForm, SubmissionKeyField

EMPTY_ROWS = 2
# Seats that are no task of one person: an action given to them would be nobody's.
NO_TASK = (*MEMBERSHIPS, SeatKind.EMPLOYEE, SeatKind.MEMBER, SeatKind.SAFETY_REPRESENTATIVE)


class NotesForm(ChoosingForm):
    """The meeting itself."""

    held_on = DateField(label=_("When was the meeting?"))
    place = forms.CharField(label=_("Where?"), max_length=120, required=False)
    attended = forms.MultipleChoiceField(
        label=_("Which members took part?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = PersonChoice(label=_("Did anyone else take part?"), several=True, required=False)
    notes = forms.CharField(
        label=_("Notes"),
        help_text=_("Name no client and nobody who has been harmed. Everyone who sits in the group reads this."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 8}),
    )
    edit_count = forms.IntegerField(widget=forms.HiddenInput, required=False)
    submission_key = SubmissionKeyField()

    def __init__(self, *args: Any, group: Body, user: User, meeting: GroupMeeting | None = None, **kwargs: Any) -> None:
        self.group, self.meeting = group, meeting
        kwargs["initial"] = kwargs.get("initial", {}) | self._as_noted()
        super().__init__(*args, **kwargs)
        members = {held.person.public_id: held.person for held in members_on(group, self.day)}
        self.people = {str(key): person for key, person in members.items()}
        field = cast(forms.MultipleChoiceField, self.fields["attended"])
        field.choices = [(key, person.name) for key, person in self.people.items()]
        self.choose_among("others", User.objects.filter(municipality=user.municipality).exclude(public_id__in=members))

    def _as_noted(self) -> dict[str, Any]:
        if self.meeting is None:
            return {"held_on": clock.today()}
        took_part = [row.person for row in self.meeting.attendances.select_related("person")]
        sat_there = {held.person_id for held in members_on(self.group, self.meeting.held_on)}
        names = ("held_on", "place", "notes", "edit_count")
        return {name: getattr(self.meeting, name) for name in names} | {
            "attended": [str(person.public_id) for person in took_part if person.pk in sat_there],
            "others": [person for person in took_part if person.pk not in sat_there],
        }

    @cached_property
    def day(self) -> date:
        """The day of the meeting as it is written now, else as it was noted."""
        if self.is_bound:
            widget = self.fields["held_on"].widget
            written = widget.value_from_datadict(self.data, self.files, self.add_prefix("held_on"))
            try:
                return self.fields["held_on"].clean(written) or clock.today()
            except forms.ValidationError:
                pass
        return cast(date, self.initial["held_on"])

    @cached_property
    def is_searching(self) -> bool:
        """Tell whether the person searches or asks for more rows, and has not sent the form yet."""
        return self.is_bound and (MORE_BUTTON in self.data or super().is_searching)

    def full_clean(self) -> None:
        """Offer the members of another day before anything is saved for it."""
        super().full_clean()
        if self.is_bound and not self.is_searching and "held_on" not in self.errors and self._lists_others():
            self.errors.pop("attended", None)
            self.add_error("attended", _("These sat in the group on that day. Tick those who took part."))

    def _lists_others(self) -> bool:
        """Tell whether the page that was sent listed the members of another day, and they were others."""
        try:
            listed_on = date.fromisoformat(self.data.get("listed_on", ""))
        except ValueError:
            return False
        if listed_on == self.day:
            return False
        listed = {held.person_id for held in members_on(self.group, listed_on)}
        return listed != {person.pk for person in self.people.values()}

    @property
    def attendants(self) -> list[User]:
        """Everyone who took part."""
        return [*(self.people[key] for key in self.cleaned_data["attended"]), *self.cleaned_data["others"]]


class RowForm(PortalForm):
    """One row; ``key`` is the public id of what is there already."""

    label_size = ""
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)


class DecisionRow(RowForm):
    """What the group agreed on; an empty row says nothing."""

    text = forms.CharField(
        label=_("What was decided?"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )


class ActionRow(RowForm):
    """What somebody is to do, and by when; an empty row says nothing."""

    what = forms.CharField(label=_("What is to be done?"), max_length=200, required=False)
    who = forms.ChoiceField(label=_("Who does it?"), required=False)
    due_on = DateField(label=_("By when?"), required=False)

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["who"]).choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        said = cleaned.get("who") or cleaned.get("due_on")
        if said and not cleaned.get("what") and "what" not in self.errors:
            self.add_error("what", _("Say what is to be done, or leave the whole row empty."))
        return cleaned


DecisionRows = growing_formset(DecisionRow)
ActionRows = growing_formset(ActionRow)


class MeetingForms:
    """The notes with their decisions and actions: one page, sent together."""

    def __init__(
        self, data: QueryDict | None, *, group: Body, user: User, meeting: GroupMeeting | None = None, begun: Any = None
    ) -> None:
        data = with_more(data) if data is not None else None
        self.notes = NotesForm(data, group=group, user=user, meeting=meeting, initial={"submission_key": begun})
        unsent = self.notes.is_searching
        self.decisions = DecisionRows(data, prefix="decisions", initial=_decisions(meeting), unsent=unsent)
        self.who = Doers(group, self.notes.day, meeting)
        self.actions = ActionRows(
            data,
            prefix="actions",
            initial=_actions(meeting),
            unsent=unsent,
            form_kwargs={"choices": self.who.choices},
        )

    @property
    def all(self) -> tuple[NotesForm, GrowingFormSet, GrowingFormSet]:
        """The forms in the order of the page, as the summary of errors goes through them."""
        return self.notes, self.decisions, self.actions

    def are_valid(self) -> bool:
        """Tell whether everything was sent and nothing is wrong."""
        answers = [form.is_valid() for form in self.all]
        return all(answers)

    def values(self) -> MeetingValues:
        """Return what was written; only after all of it was found valid."""
        said = self.notes.cleaned_data
        decisions = [form.cleaned_data for form in self.decisions if form.cleaned_data.get("text")]
        actions = [form.cleaned_data for form in self.actions if form.cleaned_data.get("what")]
        return MeetingValues(
            held_on=said["held_on"],
            place=said["place"],
            notes=said["notes"],
            attended=self.notes.attendants,
            decisions=[DecisionValues(text=row["text"], key=row["key"]) for row in decisions],
            actions=[
                ActionValues(what=row["what"], due_on=row["due_on"], key=row["key"], **self.who.chosen(row["who"]))
                for row in actions
            ],
        )


def _decisions(meeting: GroupMeeting | None) -> list[dict[str, Any]]:
    rows = meeting.decisions.all() if meeting else ()
    return [*({"key": row.public_id, "text": row.text} for row in rows), *({} for _row in range(EMPTY_ROWS))]


def _actions(meeting: GroupMeeting | None) -> list[dict[str, Any]]:
    rows = meeting.actions.select_related("person", "seat") if meeting else ()
    told = (
        {"key": row.public_id, "what": row.what, "due_on": row.due_on, "who": _value(row.person or row.seat)}
        for row in rows
    )
    return [*told, *({} for _row in range(EMPTY_ROWS))]


def _value(doer: User | Seat | None) -> str:
    if doer is None:
        return ""
    return f"{'person' if isinstance(doer, User) else 'seat'}:{doer.public_id}"


class Doers:
    """Who can be given an action: the members of the day, the seats that they hold, and those who have one already."""

    def __init__(self, group: Body, on: date, meeting: GroupMeeting | None) -> None:
        people = {held.person_id: held.person for held in members_on(group, on)}
        seats = {seat.pk: seat for seat in _seats_of(people.values())}
        given = meeting.actions.select_related("person", "seat__seat_type", "seat__body") if meeting else ()
        people |= {row.person.pk: row.person for row in given if row.person}
        seats |= {row.seat.pk: row.seat for row in given if row.seat}
        doers: list[User | Seat] = [*people.values(), *seats.values()]
        self._doers = {_value(one): one for one in doers}

    @property
    def choices(self) -> list[tuple[Any, Any]]:
        """What the select offers: people first, then seats, whoever holds them."""
        people = [(key, one.name) for key, one in self._doers.items() if isinstance(one, User)]
        seats = [
            (key, f"{one.seat_type.title}, {one.body.name}")
            for key, one in self._doers.items()
            if isinstance(one, Seat)
        ]
        groups = [(_("People"), people), (_("Seats, whoever holds them"), seats)]
        return [("", _("Nobody yet")), *((label, rows) for label, rows in groups if rows)]

    def chosen(self, value: str) -> dict[str, Any]:
        """Return person and seat of a choice."""
        doer = self._doers.get(value)
        return {
            "person": doer if isinstance(doer, User) else None,
            "seat": doer if isinstance(doer, Seat) else None,
        }


def _seats_of(people: Iterable[User]) -> list[Seat]:
    held = Appointment.objects.in_force(clock.today()).filter(person__in=list(people), is_deputy=False)
    held = held.exclude(seat__seat_type__kind__in=NO_TASK).select_related("seat__seat_type", "seat__body")
    return [row.seat for row in held.order_by("seat__seat_type__title", "seat__body__name", "pk")]
