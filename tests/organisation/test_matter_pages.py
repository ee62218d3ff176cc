"""Pages of matters between chairs: the list with its filter, one matter with its story, each step."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisation import clock
from organisation.models import CoordinationMatter
from organisation.services.matters import close_matter, take_over
from tests.factories.groups import QUESTION, make_matter
from tests.factories.organisation import make_municipality
from tests.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_municipality()


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"


def get(client, user, name: str, *args, **asked):
    client.force_login(user)
    return client.get(reverse(f"organisation:{name}", args=args), asked)


def post(client, user, name: str, matter, **sent):
    client.force_login(user)
    return client.post(reverse(f"organisation:{name}", args=[matter.public_id]), sent)


def aged(matter: CoordinationMatter, days: int) -> CoordinationMatter:
    CoordinationMatter.objects.filter(pk=matter.pk).update(raised_at=clock.now() - timedelta(days=days))
    return matter


def test_the_list_heads_with_the_oldest_and_comes_oldest_first(client, town):
    aged(make_matter(town, question="Den nya?"), 3)
    aged(make_matter(town, question="Den gamla?"), 47)
    shown = text_of(get(client, town.safety_coordinator, "matters"))
    assert "2 matters lie between chairs, the oldest for 47 days" in shown
    assert shown.index("Den gamla?") < shown.index("Den nya?")
    assert "Open for 47 days" in shown


def test_nothing_between_chairs_is_said_so(client, town):
    assert "Nothing lies between chairs" in text_of(get(client, town.board_chair, "matters"))


def test_filters(client, town):
    make_matter(town, question="Öppen?")
    taken = make_matter(town, question="Övertagen?")
    take_over(matter=taken, body=town.bodies["care-north"], note="Vi.", by=town.unit_manager)
    gone = make_matter(town, "care-north", "care-south", question="Stängd?")
    close_matter(matter=gone, note="Löst.", by=town.safety_coordinator)

    def questions(**asked: str) -> set[str]:
        shown = text_of(get(client, town.safety_coordinator, "matters", **asked))
        return {word for word in ("Öppen", "Övertagen", "Stängd") if f"{word}?" in shown}

    assert questions() == {"Öppen"}
    assert questions(state="taken_over") == {"Övertagen"}
    assert questions(state="closed") == {"Stängd"}
    assert questions(state="all") == {"Öppen", "Övertagen", "Stängd"}
    assert questions(state="all", body=str(town.bodies["care-south"].public_id)) == {"Stängd"}
    assert questions(state="all", body=str(town.bodies["school-unit"].public_id)) == {"Öppen", "Övertagen"}
    assert get(client, town.safety_coordinator, "matters", state="nonsense", body="x", page="y").status_code == 200


def test_the_csv_has_what_the_list_has(client, town):
    make_matter(town, question="=Vem?")
    response = get(client, town.safety_coordinator, "matters", **{"as": "csv"})
    text = response.getvalue().decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Question;Bodies;Whose it is")
    assert "'=Vem?" in text
    assert "Ängsgläntans hemtjänst, Björkhagens förskola" in text


def test_the_pages_of_the_list_hold_every_matter_once(client, town):
    for number in range(30):
        aged(make_matter(town, question=f"Fråga {number:02d}?"), number)
    client.force_login(town.safety_coordinator)
    first = url = reverse("organisation:matters")
    seen = []
    while url:
        response = client.get(url)
        seen += re.findall(r"Fråga (\d\d)\?", response.content.decode())
        url = response.context["older_url"] and first + response.context["older_url"]
    assert seen == [f"{number:02d}" for number in reversed(range(30))]


@pytest.mark.parametrize("role", ["safety_coordinator", "unit_manager", "board_chair"])
def test_as_many_queries_for_many_matters_as_for_one(client, town, role):
    def queries() -> int:
        client.force_login(getattr(town, role))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("organisation:matters")).status_code == 200
        return len(captured)

    make_matter(town)
    few = queries()
    for number in range(20):
        make_matter(town, question=f"Fråga {number}?")
    assert queries() == few
    assert few <= 15


def test_raising_by_search_keeps_the_answers_and_sends_one(client, town):
    client.force_login(town.unit_manager)
    address = reverse("organisation:matter_new")
    key = re.search(r'name="submission_key" value="([^"]+)"', client.get(address).content.decode())[1]
    sent = {"question": QUESTION, "background": "Två gånger i höst.", "submission_key": key}
    found = client.post(address, sent | {"bodies_words": "björk", "search_in": "bodies"})
    assert found.status_code == 200
    assert QUESTION in found.content.decode()
    one = client.post(address, sent | {"bodies": [str(town.bodies["care-north"].public_id)]})
    assert one.status_code == 422
    assert "choose at least two" in text_of(one)
    assert "Två gånger i höst." in one.content.decode()
    both = sent | {"bodies": [str(town.bodies[key].public_id) for key in ("care-north", "school-unit")]}
    assert client.post(address, both).url == client.post(address, both).url
    matter = CoordinationMatter.objects.get()
    assert (matter.question, matter.background) == (QUESTION, "Två gånger i höst.")


def test_one_matter_tells_whom_it_concerns_who_answers_and_its_story(client, town):
    matter = aged(make_matter(town, background="Larmet går på natten."), 47)
    post(client, town.other_manager, "matter_note", matter, note="Vi har ingen nyckel.")
    shown = text_of(get(client, town.committee_chair, "matter", matter.public_id))
    for words in (
        QUESTION,
        "Open for 47 days",
        "Larmet går på natten.",
        "Maja Exempelsson",
        "Lena Låtsas",
        "Vi har ingen nyckel.",
        "Raised",
    ):
        assert words in shown


def test_steps_are_offered_to_those_who_may_take_them(client, town):
    matter = make_matter(town)
    steps = ("matter_note", "matter_take_over", "matter_add_body", "matter_close", "matter_reopen")

    def offered(role: str) -> set[str]:
        page = get(client, town.people[role], "matter", matter.public_id).content.decode()
        return {name for name in steps if reverse(f"organisation:{name}", args=[matter.public_id]) in page}

    assert offered("unit_manager") == {"matter_note", "matter_take_over"}
    assert offered("safety_coordinator") == {"matter_note", "matter_add_body", "matter_close"}
    assert offered("board_chair") == set()
    take_over(matter=matter, body=town.bodies["care-north"], note="Vi.", by=town.unit_manager)
    assert offered("unit_manager") == {"matter_note"}
    assert offered("safety_coordinator") == {"matter_note", "matter_close", "matter_reopen"}


def test_taking_over_adding_closing_and_opening_again(client, town):
    matter = make_matter(town)
    south = str(town.bodies["care-south"].public_id)
    assert post(client, town.safety_coordinator, "matter_add_body", matter, body=south).status_code == 302
    missing = post(client, town.head, "matter_take_over", matter, note="Vi gör det.")
    assert missing.status_code == 422
    assert "Vi gör det." in missing.content.decode()
    assert post(client, town.head, "matter_take_over", matter, note="Vi gör det.", body=south).status_code == 302
    matter.refresh_from_db()
    assert matter.taken_over_by == town.bodies["care-south"]
    assert post(client, town.safety_coordinator, "matter_close", matter, note="").status_code == 422
    post(client, town.safety_coordinator, "matter_close", matter, note="Löst.")
    post(client, town.safety_coordinator, "matter_reopen", matter, note="Inte löst.")
    matter.refresh_from_db()
    assert matter.is_open


def test_a_step_that_came_too_late_is_told_and_its_words_kept(client, town):
    matter = make_matter(town)
    take_over(matter=matter, body=town.bodies["school-unit"], note="Vi.", by=town.other_manager)
    response = post(client, town.unit_manager, "matter_take_over", matter, note="Vi också.")
    assert response.status_code == 422
    assert "This has already changed" in text_of(response)
    assert "Vi också." in response.content.decode()


def test_my_work_of_the_safety_unit_and_of_the_bodies_that_it_concerns(client, town):
    aged(make_matter(town), 47)

    def work(role: str) -> str:
        client.force_login(town.people[role])
        return text_of(client.get("/"))

    assert "Coordinate 1 matter between chairs" in work("safety_coordinator")
    assert "The oldest has been open for 47 days" in work("safety_coordinator")
    assert QUESTION in work("unit_manager")
    assert QUESTION not in work("head")
    assert QUESTION not in work("committee_chair")


def test_another_municipality_finds_nothing(client, town):
    neighbour, matter = make_municipality("Grannby kommun"), make_matter(town)
    assert get(client, neighbour.safety_coordinator, "matter", matter.public_id).status_code == 404
    for name in ("matter_note", "matter_take_over", "matter_add_body", "matter_close", "matter_reopen"):
        assert get(client, neighbour.safety_coordinator, name, matter.public_id).status_code == 404
        assert post(client, neighbour.safety_coordinator, name, matter, note="x").status_code == 404
    assert QUESTION not in text_of(get(client, neighbour.safety_coordinator, "matters"))
