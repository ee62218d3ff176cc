"""Alive and ready are answered without log-in, and what is down meanwhile is told."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from scripts.servers import PrivateScanner


@pytest.mark.smoke
def test_alive_asks_nothing_of_the_database(client: Client) -> None:
    response = client.get("/livez")
    assert response.status_code == 200


@pytest.mark.smoke
@pytest.mark.django_db
def test_ready_when_the_database_is_migrated(client: Client, settings: Any) -> None:
    settings.CLAMD = "off"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.content == b"ready\n"


@pytest.mark.smoke
@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'attachments'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content == b"database not migrated\n"


@pytest.mark.smoke
@pytest.mark.django_db
def test_ready_without_a_scanner_says_that_there_is_none(client: Client, settings: Any) -> None:
    settings.CLAMD = ""
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.content == b"ready\ndegraded: virus scanner not set up\n"


@pytest.mark.django_db
def test_a_scanner_that_is_down_is_told_and_the_portal_stays_ready(client: Client, scanner: PrivateScanner) -> None:
    assert client.get("/readyz").content == b"ready\n"
    scanner.stop()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.content == b"ready\ndegraded: virus scanner unreachable\n"
    scanner.start()
    assert client.get("/readyz").content == b"ready\n"
