"""``manage.py import_csv``: the same import at the terminal, its errors by file, line and column."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from organisation.models import ImportRun, ImportState, User
from tests.factories.importing import csv_of
from tests.factories.organisation import Town, make_municipality

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]

ANNA = "100;Anna;anna@exempelby.example.se;care-north"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def town() -> Town:
    return make_municipality(key="exempelby")


@pytest.fixture
def people(tmp_path: Path):
    def write(*rows: str) -> Path:
        path = tmp_path / "personal.csv"
        path.write_bytes(csv_of("people", *rows))
        return path

    return write


def test_it_writes_and_tells_how_much(town, people, capsys):
    call_command("import_csv", "exempelby", people=people(ANNA))
    assert capsys.readouterr().out.splitlines() == ["People: 1 added, 0 changed, 0 ended, 0 unchanged."]
    assert User.objects.get(external_id="100").history.get().history_user is None
    run = ImportRun.objects.get()
    assert (run.state, run.by, run.found["files"]["people"]["adds"]) == (ImportState.WRITTEN, None, 1)


def test_the_same_file_again_writes_no_run_either(town, people, capsys):
    for _time in range(2):
        call_command("import_csv", "exempelby", people=people(ANNA))
    assert ImportRun.objects.count() == 1
    assert capsys.readouterr().out.splitlines()[-1] == "Nothing was written."


def test_a_dry_run_writes_nothing(town, people, capsys):
    call_command("import_csv", "exempelby", people=people(ANNA), dry_run=True)
    assert capsys.readouterr().out.splitlines()[0].startswith("People: 1 added")
    assert not User.objects.filter(external_id="100").exists()
    assert not ImportRun.objects.exists()


def test_a_full_file_ends_who_is_missing(town, people, capsys):
    call_command("import_csv", "exempelby", people=people(ANNA))
    call_command("import_csv", "exempelby", people=people(), full=True)
    assert "1 ended" in capsys.readouterr().out
    assert not User.objects.get(external_id="100").is_active


def test_errors_name_file_line_and_column(town, people):
    path = people(ANNA, "101;;bo;nowhere")
    with pytest.raises(CommandError) as error:
        call_command("import_csv", "exempelby", people=path)
    lines = str(error.value).splitlines()
    assert [line.split(": ")[0] for line in lines[:2]] == [f"{path}:3:namn", f"{path}:3:e-post"]
    assert lines[-1] == "2 errors. Nothing was written."
    assert not User.objects.filter(external_id="100").exists()


def test_in_somebodys_name(town, people):
    call_command("import_csv", "exempelby", people=people(ANNA), by=town.administrator.email)
    assert ImportRun.objects.get().by == town.administrator


@pytest.mark.parametrize(
    ("municipality", "options"),
    [
        ("nowhere", {"people": Path("x.csv")}),
        ("exempelby", {}),
        ("exempelby", {"people": Path("/nowhere/x.csv")}),
        ("exempelby", {"full": True, "headcounts": Path("x.csv")}),
        ("exempelby", {"people": Path(__file__), "by": "nobody@example.se"}),
    ],
)
def test_what_can_not_be_done_is_said(town, municipality, options):
    with pytest.raises(CommandError):
        call_command("import_csv", municipality, **options)
