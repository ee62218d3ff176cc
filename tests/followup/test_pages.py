"""The pages of the follow-up: who sees a report, who may start one, and how its progress is told."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from followup.models import Edition, Report, ReportState
from followup.services import start_report
from notifications.jobs import run_job
from notifications.models import Heartbeat, Job, JobState
from notifications.services import note_heartbeat
from organisation import clock
from organisation.models import User
from tests.factories.followup import COUNTS, YEAR
from tests.factories.organisation import Town, make_municipality, make_user

Made = Callable[..., Report]
WAITS = "No worker is running"


@pytest.fixture
def log_in(client: Client) -> Callable[[User], Client]:
    client.cookies["django_language"] = "en"

    def as_person(person: User) -> Client:
        client.force_login(person)
        return client

    return as_person


def addresses(report: Report) -> list[str]:
    names = ("report", "summary", "pdf", "figures_json", "figures_csv")
    return [reverse(f"followup:{name}", args=[report.public_id]) for name in names]


def test_coordinator_starts_a_report_and_is_led_to_its_progress(town: Town, log_in: Any) -> None:
    answer = log_in(town.safety_coordinator).post(reverse("followup:reports"), {"year": YEAR, "edition": "secret"})
    report = Report.objects.get()
    assert answer.url == reverse("followup:report", args=[report.public_id])
    assert (report.year, report.edition, report.started_by) == (YEAR, Edition.SECRET, town.safety_coordinator)


def test_sending_the_form_twice_gives_the_same_report(town: Town, log_in: Any) -> None:
    client = log_in(town.safety_coordinator)
    first, second = (
        client.post(reverse("followup:reports"), {"year": YEAR, "edition": "secret"}).url for _time in range(2)
    )
    assert first == second
    assert Report.objects.count() == 1


def test_board_member_reads_but_may_not_start(town: Town, log_in: Any) -> None:
    client = log_in(town.board_member)
    page = client.get(reverse("followup:reports"))
    assert page.status_code == 200
    assert '<form method="post" class="tp-form"' not in page.content.decode()
    answer = client.post(reverse("followup:reports"), {"year": YEAR, "edition": "secret"})
    assert not Report.objects.exists()
    assert answer.status_code in (403, 422)


@pytest.mark.parametrize("role", ["unit_manager", "employee", "committee_member", "administrator"])
def test_those_without_the_right_see_nothing(town: Town, make_report: Made, log_in: Any, role: str) -> None:
    report = make_report()
    client = log_in(town.people[role])
    assert client.get(reverse("followup:reports")).status_code == 403
    assert [client.get(address).status_code for address in addresses(report)] == [404] * 5


def test_another_municipality_sees_nothing(make_report: Made, log_in: Any) -> None:
    report = make_report()
    other = make_municipality("Annanby kommun")
    client = log_in(other.safety_coordinator)
    assert [client.get(address).status_code for address in addresses(report)] == [404] * 5
    assert str(report.public_id) not in client.get(reverse("followup:reports")).content.decode()


def test_nobody_sees_a_report_without_logging_in(make_report: Made, client: Client) -> None:
    for address in (reverse("followup:reports"), *addresses(make_report())):
        assert client.get(address).status_code == 302


def test_a_seat_that_ended_shows_nothing_on_the_next_request(town: Town, make_report: Made, log_in: Any) -> None:
    report = make_report()
    client = log_in(town.board_member)
    assert client.get(addresses(report)[1]).status_code == 200
    town.seats["board_member"].appointments.update(valid_to=clock.today() - timedelta(days=1))
    assert client.get(addresses(report)[1]).status_code == 404


def test_progress_tells_chapters_and_survives_a_reload(town: Town, files: Path, log_in: Any) -> None:
    note_heartbeat("test")
    report = start_report(municipality=town.municipality, year=YEAR, edition="secret", by=None)
    address = reverse("followup:report", args=[report.public_id])
    client = log_in(town.safety_coordinator)
    assert "0 of 9 parts are done." in client.get(address).content.decode()
    for chapter in report.chapters.all()[:4]:
        run_job(chapter.job_id)
    page = client.get(address).content.decode()
    assert "4 of 9 parts are done." in page
    assert WAITS not in page
    # Without script the page loads itself again; with htmx only the part is renewed.
    assert '<noscript><meta http-equiv="refresh"' in page
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'id="progress-parts"' in part
    assert "<html" not in part


def test_progress_says_when_no_worker_runs(town: Town, files: Path, log_in: Any) -> None:
    report = start_report(municipality=town.municipality, year=YEAR, edition="secret", by=None)
    client, address = log_in(town.safety_coordinator), reverse("followup:report", args=[report.public_id])
    assert WAITS in client.get(address).content.decode()
    assert WAITS in client.get(reverse("followup:reports")).content.decode()
    Heartbeat.objects.update_or_create(name="w", defaults={"seen_at": clock.now()})
    assert WAITS not in client.get(address).content.decode()


def test_a_stopped_report_says_so_and_can_be_started_anew(town: Town, files: Path, log_in: Any) -> None:
    report = start_report(municipality=town.municipality, year=YEAR, edition="secret", by=None)
    Job.objects.filter(pk=report.chapters.first().job_id).update(state=JobState.PARKED)
    Report.objects.filter(pk=report.pk).update(state=ReportState.FAILED)
    client = log_in(town.safety_coordinator)
    assert "could not be made" in client.get(addresses(report)[0]).content.decode()
    client.post(reverse("followup:reports"), {"year": YEAR, "edition": "secret"})
    assert Report.objects.filter(state=ReportState.MAKING).get().version == 2


def test_summary_shows_the_numbers_and_leads_to_the_lists_behind(town: Town, make_report: Made, log_in: Any) -> None:
    report = make_report()
    page = log_in(town.safety_coordinator).get(addresses(report)[1]).content.decode()
    threats = COUNTS["threat"][0] + COUNTS["violence"][0]
    assert f">{threats}</a>" in page
    assert f"{reverse('incidents:inbox')}?kind=near_miss&amp;state=all&amp;year={YEAR}" in page
    assert reverse("organisation:vacancies") in page


def test_the_list_behind_a_number_has_as_many_rows(town: Town, make_report: Made, log_in: Any) -> None:
    report = make_report()
    client = log_in(town.safety_coordinator)
    answer = client.get(f"{reverse('incidents:inbox')}?kind=theft&state=all&year={YEAR}")
    assert len(answer.context["page"].rows) == COUNTS["theft"][0]
    assert report.chapters.get(key="incidents").figures["kinds"]


def test_board_member_sees_the_numbers_without_links_to_cases(town: Town, make_report: Made, log_in: Any) -> None:
    page = log_in(town.board_member).get(addresses(make_report())[1]).content.decode()
    assert reverse("incidents:inbox") + "?" not in page
    assert f"{COUNTS['near_miss'][0]}" in page


def test_public_summary_hides_small_counts(town: Town, make_report: Made, log_in: Any) -> None:
    page = log_in(town.safety_coordinator).get(addresses(make_report(edition="public"))[1])
    rows = {row["key"]: row["now"] for row in page.context["kinds"]}
    assert rows["fire"] == rows["environment"] == ".."
    assert rows["threat"] == str(COUNTS["threat"][0])


def test_files_are_named_and_never_cached(town: Town, make_report: Made, log_in: Any) -> None:
    report = make_report()
    client = log_in(town.board_chair)
    answers = [client.get(address) for address in addresses(report)[2:]]
    kinds = [answer["Content-Type"].split(";")[0] for answer in answers]
    assert kinds == ["application/pdf", "application/json", "text/csv"]
    assert all("no-store" in answer["Cache-Control"] for answer in answers)
    assert b"".join(answers[0].streaming_content).startswith(b"%PDF-1.7")
    figures = json.loads(answers[1].content)
    assert figures["digest"] == report.figures_digest
    lines = answers[2].getvalue().decode("utf-8-sig").splitlines()
    assert any(line.endswith(f";{COUNTS['threat'][0]};{COUNTS['threat'][1]}") for line in lines)


def test_csv_begins_no_cell_as_a_formula(town: Town, make_report: Made, log_in: Any) -> None:
    town.bodies["care"].name = "=cmd|' /C calc'!A0"
    town.bodies["care"].save()
    text = log_in(town.safety_coordinator).get(addresses(make_report())[4]).getvalue().decode("utf-8-sig")
    assert "'=cmd" in text
    assert ";=cmd" not in text


def test_a_report_in_the_making_has_no_files(town: Town, files: Path, log_in: Any) -> None:
    report = start_report(municipality=town.municipality, year=YEAR, edition="secret", by=None)
    client = log_in(town.safety_coordinator)
    assert [client.get(address).status_code for address in addresses(report)[1:]] == [404] * 4


def test_future_year_is_refused_in_words(town: Town, log_in: Any) -> None:
    answer = log_in(town.safety_coordinator).post(
        reverse("followup:reports"), {"year": clock.today().year + 1, "edition": "secret"}
    )
    assert answer.status_code == 422
    assert not Report.objects.exists()


def test_a_list_of_many_reports_costs_the_same(
    town: Town, log_in: Any, django_assert_max_num_queries: Any, make_report: Made
) -> None:
    made = make_report()
    client = log_in(town.safety_coordinator)
    for version in range(2, 25):
        Report.objects.create(
            municipality=town.municipality,
            year=YEAR,
            edition="secret",
            version=version,
            state=ReportState.READY,
            cut_off=made.cut_off,
            started_at=clock.now(),
            file=made.file.name,
            file_digest=made.file_digest,
            pages=9,
        )
    with django_assert_max_num_queries(12):
        assert len(client.get(reverse("followup:reports")).context["page"].rows) == 24


def test_same_figures_lead_to_the_version_that_exists(town: Town, make_report: Made, log_in: Any) -> None:
    first, second = make_report(), make_report()
    assert second.same_as == first
    page = log_in(town.safety_coordinator).get(addresses(second)[0]).content.decode()
    assert "Nothing has changed since version 1" in page
    assert addresses(first)[1] in page


def test_outsider_without_municipality_is_refused(log_in: Any, town: Town) -> None:
    assert log_in(make_user(None, "Utan Kommun")).get(reverse("followup:reports")).status_code == 403
