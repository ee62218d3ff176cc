"""Filters that a person gives names: saved, saved anew under the same name, deleted."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from organisation.errors import DomainError, NotAllowed
from organisation.models import SavedFilter, User
from organisation.saved_filters import MOST_KEPT, list_of

LONGEST_QUERY = 1000


class FilterRefused(DomainError):
    """The filter can't be saved so."""

    message = _("The filter can't be saved. Filter the list again and save it from there.")


@transaction.atomic
def save_filter(*, page: str, name: str, query: str, person: User) -> SavedFilter:
    """Keep ``query``, the filter of the list ``page`` (the name of its URL), under ``name`` for the person alone.

    The same name again replaces what it stood for. Raises ``NotAllowed``, ``FilterRefused``.
    """
    if person.municipality is None:
        raise NotAllowed
    if list_of(page) is None or not name.strip() or len(query) > LONGEST_QUERY:
        raise FilterRefused
    # One at a time for each person, so that no more are kept than there may be.
    User.objects.select_for_update().get(pk=person.pk)
    own = SavedFilter.objects.filter(person=person)
    if not own.filter(page=page, name=name.strip()).exists() and own.count() >= MOST_KEPT:
        raise FilterRefused(_("You have saved as many filters as can be kept. Delete one first."))
    saved, _created = SavedFilter.objects.update_or_create(
        person=person, page=page, name=name.strip(), defaults={"municipality": person.municipality, "query": query}
    )
    return saved


@transaction.atomic
def delete_filter(*, saved: SavedFilter, by: User) -> None:
    """Delete one of the person's own filters. Raises ``NotAllowed``."""
    if saved.person_id != by.pk:
        raise NotAllowed
    saved.delete()
