"""The only module that asks which database runs: PostgreSQL in use, SQLite for a first look."""

from typing import Any

from django.db import connection, migrations
from django.db.models import Model


def is_postgres() -> bool:
    """Tell whether the default connection talks to PostgreSQL."""
    return connection.vendor == "postgresql"


def reserve_ids(model: type[Model], count: int) -> list[int]:
    """Return ``count`` ids for new rows of ``model`` that no other row gets; SQLite has one writer at a time."""
    table, pk = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, pk, count]
            )
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone()
        return list(range(last + 1, last + 1 + count))


class PostgresSQL(migrations.RunSQL):
    """SQL of a migration that only PostgreSQL can run, such as an exclusion constraint."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


def no_overlap(table: str, *columns: str) -> PostgresSQL:
    """Return an operation that refuses overlapping [valid_from, valid_to) for equal ``columns`` of ``table``."""
    name = f"{table}_no_overlap"
    same = ", ".join(f"{column} WITH =" for column in columns)
    period = "daterange(valid_from, valid_to, '[)') WITH &&"
    return PostgresSQL(
        sql=(
            "CREATE EXTENSION IF NOT EXISTS btree_gist;"
            f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ({same}, {period});"
        ),
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )
