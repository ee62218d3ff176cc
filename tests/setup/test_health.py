"""Alive and ready are answered without log-in."""

import pytest
from django.test import Client


@pytest.mark.smoke
def test_alive_asks_nothing_of_the_database(client: Client) -> None:
    response = client.get("/livez")
    assert response.status_code == 200


@pytest.mark.smoke
@pytest.mark.django_db
def test_ready_when_the_database_is_migrated(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.content == b"ready\n"
