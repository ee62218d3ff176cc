"""The paper of the organisation chart and of all who answer: what it says, how it looks, and that a job makes it."""

import io
import re
from datetime import timedelta

import page as page_validation
import pikepdf
import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications.jobs import LeaseLost, claim_job, run_job
from notifications.models import Job, JobState
from organisation import clock
from organisation.errors import NotAllowed
from organisation.models import Appointment, Body, BodyKind, ChartPaper, SeatKind
from organisation.services import papers
from organisation.services.papers import ask_for_paper, make_paper, sweep_papers
from organisation.tree import rebuild_closure
from organisation.vacancies import rebuild_vacancies
from tests.factories.organisation import make_body, make_municipality, make_seat
from tests.organisation.gaps import DAYS, make_town_with_gaps

pytestmark = pytest.mark.django_db
CHART = reverse("organisation:chart")


@pytest.fixture
def town():
    return make_town_with_gaps()


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def text_of(content: bytes) -> str:
    opened = pypdfium2.PdfDocument(content)
    return re.sub(r"\s+", " ", " ".join(each.get_textpage().get_text_bounded() for each in opened))


def made(town, on=None) -> ChartPaper:
    paper = ask_for_paper(municipality=town.municipality, on=on or clock.today(), by=town.employee)
    run_job(paper.job_id)
    paper.refresh_from_db()
    return paper


class TestPaper:
    def test_the_map_leads_to_it_for_the_day_that_it_shows(self, town, client):
        """R133: the responsibility map as PDF."""
        client.force_login(town.employee)
        before = (clock.today() - timedelta(days=60)).isoformat()
        html = client.get(reverse("organisation:map"), {"on": before}).content.decode()
        form = re.search(rf'<form method="post" action="{reverse("organisation:chart_pdf")}".*?</form>', html, re.S)
        assert f'name="on" value="{before}"' in form.group()

    def test_it_lists_every_body_with_its_seats_and_since_when_one_is_vacant(self, town):
        content = made(town).content
        care = next(one for one in content["authorities"] if one["name"] == "Äldrenämnden")
        department, unit = care["bodies"][0], next(one for one in care["bodies"] if one["name"].startswith("Ängsgl"))
        gap = next(seat for seat in department["seats"] if seat["vacant"])
        with translation.override("sv"):
            assert gap["since"] == date_format(clock.today() - timedelta(days=DAYS), "j F Y")
        assert gap["answers"] == "Förvaltningschef Nils Påhittsson"
        assert "Maja Exempelsson" in [seat["holder"] for seat in unit["seats"]]
        text = text_of(made(town).file.read())
        assert gap["since"] in text

    def test_whoever_has_no_seats_is_named_and_has_no_table(self, town):
        make_body(town.municipality, BodyKind.OUTSIDE_PARTY, "Föreningsrådet")
        content = made(town).content
        assert content["seatless"] == "Demobostäder AB, Föreningsrådet"
        assert "Föreningsrådet" not in [one["name"] for one in content["authorities"]]

    def test_each_page_of_the_list_has_its_header_row_and_whole_bodies(self, town):
        """A body of three seats stands on one page, and a page that goes on says whose seats it begins with."""
        for number in range(60):
            unit = make_body(town.municipality, BodyKind.UNIT, f"Enhet {number:02}", town.bodies["care-dept"])
            for kind in (SeatKind.UNIT_MANAGER, SeatKind.UNIT_OMBUD):
                make_seat(unit, kind)
        rebuild_closure(town.municipality)
        rebuild_vacancies(town.municipality)
        opened = pypdfium2.PdfDocument(made(town).file.read())
        pages = [each.get_textpage().get_text_bounded() for each in opened][1:]
        with translation.override("sv"):
            header = f"{_('Seat')} {_('Who')}"
        assert len(pages) > 3
        for text in pages:
            assert header in re.sub(r"\s+", " ", text)
        title = town.seats["unit_manager"].seat_type.title
        for number in range(60):
            (text,) = [text for text in pages if f"Enhet {number:02}" in text]
            own = text.split(f"Enhet {number:02}")[1].split("Enhet ")[0]
            assert title in own
            assert town.seats["unit_ombud"].seat_type.title in own
        # The page's head: whose seats it begins with, and that they are invented.
        assert sum("Äldrenämnden Demo" in text for text in pages) > 2

    def test_it_is_whole_and_tagged_and_says_who_answers(self, town):
        content = made(town).file.read()
        for profile in ("ua1", "3a"):
            checked = page_validation.validate_pdf_bytes(content, profile=profile)
            assert checked.is_compliant, [(failure.rule_id, failure.message) for failure in checked.failures]
        text = text_of(content)
        for words in ("Kommunstyrelsen", "Maja Exempelsson", "47", "Förvaltningschef Nils Påhittsson", "Demo"):
            assert words in text
        sizes = [tuple(round(side) for side in each.get_size()) for each in pypdfium2.PdfDocument(content)]
        assert sizes[0] == (842, 595)
        assert set(sizes[1:]) == {(595, 842)}
        with pikepdf.open(io.BytesIO(content)) as opened:
            figures = [
                str(entry.get("/Alt", ""))
                for entry in opened.objects
                if isinstance(entry, pikepdf.Dictionary) and entry.get("/S") == "/Figure"
            ]
        assert len(figures) == 1
        assert all(figures)

    def test_of_an_empty_organisation_it_says_so(self, town):
        Body.objects.filter(municipality=town.municipality).update(valid_from=clock.today())
        content = made(town, clock.today() - timedelta(days=1)).file.read()
        assert page_validation.validate_pdf_bytes(content, profile="ua1").is_compliant
        assert len(pypdfium2.PdfDocument(content)) == 1

    def test_asked_for_twice_it_is_one_paper_until_something_changes(self, town):
        first = ask_for_paper(municipality=town.municipality, on=clock.today(), by=town.employee)
        assert ask_for_paper(municipality=town.municipality, on=clock.today(), by=town.head) == first
        Appointment.objects.filter(person=town.head).update(valid_to=clock.today())
        assert ask_for_paper(municipality=town.municipality, on=clock.today(), by=town.employee) != first

    def test_it_says_what_was_true_when_it_was_asked_for(self, town):
        paper = ask_for_paper(municipality=town.municipality, on=clock.today(), by=town.employee)
        Appointment.objects.filter(person=town.head).update(valid_to=clock.today())
        run_job(paper.job_id)
        paper.refresh_from_db()
        assert "Förvaltningschef Nils Påhittsson" in text_of(paper.file.read())

    def test_only_those_who_see_the_organisation_ask_for_it(self, town):
        for stranger in (town.outside_member, make_municipality("Grannby kommun").employee):
            with pytest.raises(NotAllowed):
                ask_for_paper(municipality=town.municipality, on=clock.today(), by=stranger)
        assert not ChartPaper.objects.exists()

    def test_a_large_municipality_is_cut_with_a_clear_note(self, town, monkeypatch):
        monkeypatch.setattr("organisation.chart.paper.MOST_LISTED", 5)
        text = text_of(made(town).file.read())
        assert "Maja Exempelsson" not in text.replace("Enhetschef Maja Exempelsson", "")
        with translation.override("sv"):
            assert papers.ChartPaper.objects.get().content["note"] in text

    def test_a_worker_that_lost_the_job_publishes_nothing_and_leaves_no_file(self, town):
        paper = ask_for_paper(municipality=town.municipality, on=clock.today(), by=town.employee)
        claim = claim_job(paper.job_id)
        Job.objects.filter(pk=paper.job_id).update(attempt=7)
        with pytest.raises(LeaseLost):
            make_paper(claim)
        paper.refresh_from_db()
        assert not paper.file
        assert default_storage.listdir(f"papers/{paper.public_id}")[1] == []

    def test_one_that_was_given_up_can_be_asked_for_again(self, town):
        paper = ask_for_paper(municipality=town.municipality, on=clock.today(), by=town.employee)
        Job.objects.filter(pk=paper.job_id).update(state=JobState.PARKED)
        again = ask_for_paper(municipality=town.municipality, on=clock.today(), by=town.head)
        assert again == paper
        assert again.job_id != paper.job_id
        run_job(again.job_id)
        again.refresh_from_db()
        assert again.file

    def test_it_is_deleted_after_a_while_with_its_file(self, town):
        paper, kept = made(town), made(town, clock.today() - timedelta(days=60))
        ChartPaper.objects.filter(pk=paper.pk).update(asked_at=clock.now() - papers.KEPT_FOR - timedelta(hours=1))
        assert sweep_papers() == 1
        assert not default_storage.exists(paper.file.name)
        assert default_storage.exists(kept.file.name)
        assert list(ChartPaper.objects.all()) == [kept]
        assert not Job.objects.filter(pk=paper.job_id).exists()


class TestPages:
    def test_from_the_button_to_the_file(self, town, client):
        client.force_login(town.employee)
        asked = client.post(reverse("organisation:chart_pdf"), {"on": clock.today().isoformat()})
        paper = ChartPaper.objects.get()
        assert asked.url == reverse("organisation:chart_paper", args=[paper.public_id])
        file = reverse("organisation:chart_file", args=[paper.public_id])
        assert client.get(asked.url).status_code == 200
        assert client.get(file).status_code == 404
        run_job(paper.job_id)
        assert file in client.get(asked.url).content.decode()
        piece = client.get(asked.url, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in piece
        answer = client.get(file)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Cache-Control"] == "no-store, private"
        assert b"".join(answer.streaming_content).startswith(b"%PDF")

    def test_a_stranger_finds_no_paper(self, town, client):
        paper = ask_for_paper(municipality=town.municipality, on=clock.today(), by=town.employee)
        for stranger in (town.outside_member, make_municipality("Grannby kommun").head):
            client.force_login(stranger)
            for name in ("chart_paper", "chart_file"):
                assert client.get(reverse(f"organisation:{name}", args=[paper.public_id])).status_code == 404
