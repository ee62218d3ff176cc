"""What a municipality's administrator runs: its people and its imports, and nobody else's."""

from django.db.models import QuerySet

from organisation.access import Scope
from organisation.models import ImportRun, User
from organisation.permissions import ADMINISTER


def people_run_by(user: User) -> QuerySet[User]:
    """Return the people whom ``user`` administers: all of the municipality, those who have left too; else nobody."""
    if user.municipality is None or not Scope.of(user).holds(ADMINISTER):
        return User.objects.none()
    return User.objects.filter(municipality=user.municipality)


def imports_run_by(user: User) -> QuerySet[ImportRun]:
    """Return the imports that ``user`` may see, confirm and discard; else none."""
    if user.municipality is None or not Scope.of(user).holds(ADMINISTER):
        return ImportRun.objects.none()
    return ImportRun.objects.filter(municipality=user.municipality).select_related("by", "municipality")
