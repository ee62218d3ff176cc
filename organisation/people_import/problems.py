"""What is wrong with a cell of a file, and what would be right: kept by its code, told in the reader's language."""

from dataclasses import dataclass, field
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from organisation.people_import.columns import FileKind
from organisation.people_import.telling import OF_ANY_FILE, FileProblem, Words

# Code → what is wrong, what would be right.
WORDS: Words = OF_ANY_FILE | {
    # The file itself
    "empty": (_("The file has no line of headings."), _("Begin from the template.")),
    "missing_column": (_("The column is missing."), _("Add it to the first line, as in the template.")),
    "double_column": (_("Two columns mean the same: “%(other)s” too."), _("Keep one of them.")),
    "too_many_cells": (
        _("The line has %(count)s cells, and the first line has %(expected)s."),
        _("Put quotation marks around a cell that holds the separator."),
    ),
    # A single cell
    "control": (_("The cell holds a line break or another sign that can't be seen."), _("Write it on one line.")),
    "not_a_date": (_("“%(value)s” is not a date."), _("Write it as 2026-01-31.")),
    "ends_before": (_("The last day comes before the first one."), _("Check both days.")),
    "not_a_number": (_("“%(value)s” is not a number of employees."), _("Write a whole number, 0 or more.")),
    "not_an_email": (_("“%(value)s” is not an e-mail address."), _("Write it as name@municipality.se.")),
    "personal_number": (
        _("This looks like a personal identity number."),
        _("Use the personnel id of the staff system: the portal keeps no personal identity numbers."),
    ),
    "bad_key": (_("“%(value)s” can't be a key."), _("Use letters, digits and - _ . without spaces.")),
    "unknown_kind": (_("“%(value)s” is no kind of body."), _("Write one of: %(known)s.")),
    "in_the_future": (_("%(value)s has not come yet."), _("State a day on which the employees were counted.")),
    # Lines against each other
    "twice": (_("“%(value)s” stands on line %(other)s already."), _("Keep one of the lines.")),
    "differs": (
        _("Line %(other)s says something else of the same person."),
        _("Write the same name and e-mail address on each line of a person."),
    ),
    # Bodies
    "unknown_body": (_("No body has the key “%(value)s”."), _("Use a key of the portal or of the file of bodies.")),
    "no_parent": (_("The body stands under nothing."), _("State the key of the body above it.")),
    "has_parent": (_("The council stands under nothing."), _("Leave the cell empty.")),
    "wrong_parent": (
        _("A body of the kind “%(kind)s” can't stand under a “%(parent_kind)s”."),
        _("Place it under: %(allowed)s."),
    ),
    "parent_is_closed": (_("“%(value)s” is closed."), _("Place the body under one that stands.")),
    "only_one": (_("The municipality has a body of the kind “%(kind)s” already."), _("Choose another kind.")),
    "loop": (_("The bodies would stand under each other in a circle."), _("Every chain must end at the council.")),
    "kind_differs": (
        _("The body is of the kind “%(kind)s” in the portal."),
        _("A body keeps its kind: close it, and give the new one a key of its own."),
    ),
    "closed_before": (
        _("The body is closed in the portal, with the last day %(day)s."),
        _("Write the same day, or give the new body a key of its own."),
    ),
    "closes_before_it_began": (_("The body began on %(day)s."), _("State a later last day.")),
    "no_successor": (_("The body is closed without a successor."), _("Name who takes over its cases.")),
    "successor_without_end": (_("The body has a successor but no last day."), _("State its last day.")),
    "successor_is_closed": (
        _("“%(value)s” does not stand on the day when it takes over."),
        _("Name a body that stands on that day."),
    ),
    "refused": (_("The change can't be made: %(why)s"), _("Mend it, or make the change under Reorganise.")),
    "unsigned": (
        _("The file renames, moves or closes bodies: a reorganisation is somebody's."),
        _("Say in whose name it is done: --by."),
    ),
    # People
    "email_taken": (
        _("The e-mail address belongs to %(person)s, who has no personnel id in the portal."),
        _("If it is the same person, write the personnel id on the person's page first."),
    ),
    "email_of_another": (
        _("The e-mail address belongs to another person of the municipality, with the personnel id %(other)s."),
        _("Give each person an address of their own."),
    ),
    "email_elsewhere": (_("The e-mail address belongs to somebody else."), _("Give the person another address.")),
    "no_employee_seat": (
        _("“%(value)s” has no seat for employees."),
        _("State a unit where people work, or let the seat type of employees sit there."),
    ),
    "body_is_closed": (_("“%(value)s” is closed on that day."), _("State the body that has taken over.")),
    "yourself": (
        _("You are not in the full list, or would leave by it."),
        _("Nobody ends their own account: let another administrator import the file, or add your line."),
    ),
    # Seats
    "nobody_named": (_("The line names nobody."), _("State the personnel id or the e-mail address.")),
    "unknown_person": (_("Nobody has “%(value)s”."), _("Use one of the portal or of the file of people.")),
    "person_has_left": (_("%(person)s has left."), _("Take the person back first, or leave the line out.")),
    "unknown_seat_type": (_("No seat type has the key “%(value)s”."), _("Use one of: %(known)s.")),
    "unions_seat": (_("The union appoints safety representatives."), _("Record what the union has told instead.")),
    "employees_seat": (_("Where employees work is told by the file of people."), _("Leave the line out.")),
    "no_seat_here": (_("The seat “%(seat)s” does not sit at “%(value)s”."), _("Check the key of the body.")),
    "outside_the_seat": (
        _("The seat does not stand during all of that time."),
        _("Keep the days within those of the seat: %(period)s."),
    ),
    "not_needed": (_("The seat is noted as not needed."), _("Take that back first.")),
    "holds_it_already": (
        _("The person would hold the seat twice at the same time."),
        _("State the first day of the appointment that is meant, or end it first."),
    ),
    "too_many": (
        _("The seat would have more holders than %(limit)s."),
        _("End an appointment first, or write the person as deputy."),
    ),
}


@dataclass(frozen=True)
class Problem(FileProblem):
    """One thing that is wrong in one of the files."""

    words = WORDS

    file: FileKind = field(kw_only=True)

    def as_json(self) -> list[Any]:
        """Return the problem for a JSON column."""
        return [str(self.file), *super().as_json()]

    @classmethod
    def from_json(cls, kept: list[Any]) -> Self:
        """Return the problem that ``as_json`` gave."""
        file, line, column, code, values = kept
        return cls(line, column, code, values, file=FileKind(file))
