"""The private servers: what was written survives a kill when asked to, and nothing is left behind."""

import os

import psycopg2
import redis
from django.conf import settings

from scripts.servers import PrivatePostgres, PrivateRedis


def test_postgres_keeps_what_was_committed_through_a_kill_and_then_vanishes() -> None:
    with PrivatePostgres(durable=True) as server:
        url = server.create("trial")
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
        server.kill()
        server.start()
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT id FROM kept")
            assert cursor.fetchall() == [(7,)]
    assert not server.folder.exists()
    assert not server.child.is_running()


def test_redis_keeps_what_was_written_through_a_kill_and_then_vanishes() -> None:
    with PrivateRedis(durable=True) as server:
        client = redis.Redis.from_url(server.url(3))
        client.set("kept", "7")
        server.kill()
        server.start()
        assert client.get("kept") == b"7"
    assert not server.folder.exists()
    assert not server.child.is_running()


def test_a_parallel_process_reads_its_own_part() -> None:
    """The settings are read after the process has its own Redis database and folder, not before."""
    assert os.environ["REDIS_URL"] == settings.REDIS_URL
    assert str(settings.VAR_DIR) == os.environ["VAR_DIR"]
    number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if number and settings.REDIS_URL:
        assert settings.REDIS_URL.endswith(f"/{int(number) + 1}")
