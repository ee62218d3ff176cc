"""Two municipalities made alike, one person with every seat in the first, and what is asked with the other's ids."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from organisation.models import BodyKind, SeatKind, User
from organisation.tree import rebuild_closure
from tests.access.matrix import BY_NAMESPACE, BY_PREFIX
from tests.access.world import arguments_of
from tests.factories import risks, union
from tests.factories.organisation import Town, appoint, make_body, make_municipality, make_seat, make_user

# Stands in every name and title of the other municipality.
MARK = "Grannbys"
NAMED_IN = ("name", "title", "question", "what", "wanted", "work")
# Written by every visit; of no municipality.
NOT_DOMAIN = {Session._meta.db_table, "portal_cache", "usersessions_usersession", "organisation_cacherow"}


@dataclass
class Twins:
    """The municipality that is asked, and the other, each with the arguments of every URL."""

    home: Town
    foreign: Town
    person: User
    ours: dict[str, dict[str, Any]]
    theirs: dict[str, dict[str, Any]]
    client: Client = field(default_factory=Client)
    rows: dict[type[models.Model], tuple[list[Any], list[Any]]] = field(default_factory=dict)

    def counterpart(self, row: models.Model) -> Any:
        """Return the other municipality's row that was made at the same point."""
        ours, theirs = self.rows_of(type(row))
        return theirs[min(ours.index(row), len(theirs) - 1)]

    def rows_of(self, model: type[models.Model]) -> tuple[list[Any], list[Any]]:
        """Return the rows of both municipalities, in the order in which they were made."""
        if model not in self.rows:
            manager: Any = model._default_manager
            of = [manager.filter(municipality=town.municipality).order_by("pk") for town in (self.home, self.foreign)]
            self.rows[model] = list(of[0]), list(of[1])
        return self.rows[model]

    def with_public_id(self, public_id: str) -> Any:
        """Return our row with that public id, of whatever kind; none for an unknown one."""
        for model in tenant_models():
            for row in self.rows_of(model)[0]:
                if str(row.public_id) == public_id:
                    return row
        return None


def build_twins() -> Twins:
    """Make both, each with one of everything, and every name of the other marked."""
    home, foreign = _full_town("Exempelby kommun"), _full_town("Grannby kommun")
    ours, theirs = arguments_of(home), arguments_of(foreign)
    _mark(foreign)
    return Twins(home, foreign, person_with_every_seat(home), ours, theirs)


def person_with_every_seat(town: Town) -> User:
    """Return somebody who holds each seat of the town, and so may do whatever anybody may."""
    person = make_user(town.municipality, "Alma Allsmäktig")
    for role, seat in town.seats.items():
        if role != "outside_member":
            appoint(person, seat)
    appoint(person, make_seat(town.bodies["care-dept"], SeatKind.CHIEF_SAFETY_REPRESENTATIVE))
    return person


def _full_town(name: str) -> Town:
    town = make_municipality(name)
    union.add_chief(town, "care-dept")
    risks.make_areas(town.municipality)
    risks.make_value(town.municipality)
    make_body(town.municipality, BodyKind.OUTSIDE_PARTY, "Polisen", town.bodies["office"], key="police")
    rebuild_closure(town.municipality)
    return town


def _mark(town: Town) -> None:
    # People are such rows too.
    for model in tenant_models():
        for name in {one.name for one in model._meta.fields if isinstance(one, models.CharField)} & set(NAMED_IN):
            marked = Concat(Value(f"{MARK} "), F(name))
            model._default_manager.filter(municipality=town.municipality).update(**{name: marked})


def tenant_models() -> list[type[models.Model]]:
    """Return every kind of row that belongs to a municipality and has a public id, histories left out."""
    return [
        model
        for model in apps.get_models()
        if {"municipality", "public_id"} <= names_of(model) and not model.__name__.startswith("Historical")
    ]


def urls_with_an_id() -> dict[str, str]:
    """Return name → converter's keyword of every URL that takes an id; libraries' own are left out."""
    return dict(_with_an_id(get_resolver().url_patterns, ""))


def _with_an_id(patterns: list[Any], prefix: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace not in BY_NAMESPACE:
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _with_an_id(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.pattern.converters:
            name = f"{prefix}{pattern.name}"
            if not name.startswith(tuple(f"{library}_" for library in BY_PREFIX)):
                yield name, next(iter(pattern.pattern.converters))


def fingerprint() -> dict[str, tuple[int, int]]:
    """Return table → (number of rows, a sum over all their values) for every table of the domain."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    asked = " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t"
        for table in sorted(tables - NOT_DOMAIN)
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {table: (count, total) for table, count, total in cursor.fetchall()}


def changed_tables(before: dict[str, tuple[int, int]]) -> set[str]:
    """Return the tables that are not as they were."""
    return {table for table, now in fingerprint().items() if before[table] != now}


def crossings() -> list[str]:
    """Return the ties by which a row of one municipality now refers to a row of another."""
    found = []
    for model in tenant_models():
        for tie in model._meta.fields:
            other = tie.related_model if isinstance(tie, models.ForeignKey) else None
            if isinstance(other, type) and tie.name != "municipality" and "municipality" in names_of(other):
                across = {f"{tie.name}__isnull": False, f"{tie.name}__municipality__isnull": False}
                rows = model._default_manager.filter(**across).exclude(
                    **{f"{tie.name}__municipality": F("municipality")}
                )
                found += [f"{model.__name__}.{tie.name}"] if rows.exists() else []
    return found


def names_of(model: type[models.Model]) -> set[str]:
    """Return the names of a model's columns."""
    return {one.name for one in model._meta.fields}


def visitor(person: User) -> Client:
    """Return a browser in which ``person`` is logged in; an error in a view is an answer."""
    client = Client(raise_request_exception=False)
    client.force_login(person, backend="organisation.access.ScopeBackend")
    return client


def ask(client: Client, method: str, url: str, arguments: dict[str, Any], data: Any = None) -> HttpResponse:
    """Ask one URL in a transaction that leaves nothing behind if the answer is an error."""
    with transaction.atomic():
        return getattr(client, method.lower())(reverse(url, kwargs=arguments), data or {})
