"""Who sees which risk, what the pages show, and that they ask the database as much for ten as for many."""

import re
from datetime import date
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies.models import Area
from risks import answers, services
from risks.models import Risk, RiskQuerySet, Scale, Stage
from tests.factories.organisation import make_municipality
from tests.factories.risks import consequences, make_ground, make_odd_scale, make_risk
from tests.reading import text_of

MAY_SEE = (
    "unit_manager",
    "unit_ombud",
    "safety_representative",
    "head",
    "committee_chair",
    "committee_member",
    "safety_coordinator",
    "head_of_security",
    "chief_executive",
    "board_chair",
    "board_member",
)
MAY_NOT_SEE = ("other_manager", "other_head")
WITHOUT_RISKS = ("employee", "administrator")


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def risk(town) -> Risk:
    return make_risk(town.unit_manager, town.bodies["care-north"], title="Ensamarbete på natten")


def address(name: str, risk: Risk) -> str:
    return reverse(f"risks:{name}", args=[risk.public_id])


def get(client, user, url: str, **options):
    client.force_login(user)
    return client.get(url, **options)


@pytest.mark.parametrize("role", MAY_SEE)
def test_who_sees_the_risk(client, town, risk, role):
    user = getattr(town, role)
    assert "Ensamarbete på natten" in text_of(get(client, user, address("risk", risk)))
    assert "Ensamarbete på natten" in text_of(get(client, user, reverse("risks:list")))
    assert "Ensamarbete på natten" in text_of(get(client, user, reverse("risks:matrix")))


@pytest.mark.parametrize("role", MAY_NOT_SEE)
def test_who_does_not(client, town, risk, role):
    user = getattr(town, role)
    assert get(client, user, address("risk", risk)).status_code == 404
    assert "Ensamarbete" not in text_of(get(client, user, reverse("risks:list")))
    assert "Ensamarbete" not in text_of(get(client, user, reverse("risks:matrix")))
    assert "Ensamarbete" not in client.get(reverse("risks:list") + "?as=csv").getvalue().decode()


@pytest.mark.parametrize("role", WITHOUT_RISKS)
def test_who_has_nothing_to_do_with_risks_is_refused(client, town, risk, role):
    user = getattr(town, role)
    assert get(client, user, address("risk", risk)).status_code == 404
    for name in ("matrix", "list", "new"):
        assert get(client, user, reverse(f"risks:{name}")).status_code == 403


def test_another_municipality_sees_nothing(client, risk, other_town):
    user = other_town.safety_coordinator
    for name in ("risk", "assess", "edit", "close", "reopen"):
        assert get(client, user, address(name, risk)).status_code == 404
    assert "Ensamarbete" not in text_of(get(client, user, reverse("risks:list")))


def test_the_other_municipality_sees_it_when_the_protection_is_off(client, risk, other_town):
    """The control of the test above."""
    with mock.patch.object(RiskQuerySet, "visible_to", lambda self, _user: self.all()):
        assert get(client, other_town.safety_coordinator, address("risk", risk)).status_code == 200


def test_nobody_sees_anything_without_logging_in(client, risk):
    for url in (reverse("risks:matrix"), reverse("risks:list"), reverse("risks:new"), address("risk", risk)):
        assert client.get(url).status_code == 302


@pytest.mark.parametrize("role", ["committee_member", "safety_representative", "board_chair"])
def test_who_only_reads_gets_no_buttons_and_is_refused(client, town, risk, role):
    page = get(client, getattr(town, role), address("risk", risk)).content.decode()
    for name in ("assess", "edit", "close"):
        assert address(name, risk) not in page
        assert client.get(address(name, risk)).status_code == 403
        assert client.post(address(name, risk), {}).status_code == 403


def test_who_changes_gets_the_buttons(client, town, risk):
    page = get(client, town.unit_manager, address("risk", risk)).content.decode()
    assert all(address(name, risk) in page for name in ("assess", "edit", "close"))


def test_the_page_tells_level_consequences_author_and_who_answers(client, town, risk):
    services.assess_risk(
        risk=risk,
        stage=Stage.AFTER,
        likelihood=2,
        consequences=consequences(town.municipality, (2, 1)),
        by=town.head,
        expected_version=1,
        note="Två arbetar tillsammans",
    )
    shown = text_of(get(client, town.unit_manager, address("risk", risk)))
    for words in (
        "12 Hög",
        "4 Låg",
        "Människor",
        "Lindrig",
        "Nils Påhittsson",
        "Två arbetar tillsammans",
        "Maja Exempelsson",
        "Enhetschef, Ängsgläntans hemtjänst",
        "R-",
    ):
        assert words in shown


def test_cases_that_the_reader_may_not_see_are_counted_and_not_named(client, town):
    case = make_ground(town.bodies["care-north"])
    risk = make_risk(town.unit_manager, town.bodies["care-north"], incidents=[case])
    assert case.label in text_of(get(client, town.unit_manager, address("risk", risk)))
    shown = text_of(get(client, town.committee_chair, address("risk", risk)))
    assert case.label not in shown
    assert "1 case that you may not see" in shown


def test_what_answers_the_risk_comes_from_the_floor_above(client, town, risk, monkeypatch):
    monkeypatch.setattr(answers, "_sources", [])
    answers.register(
        lambda asked, scope: (
            [answers.Answer("Två på natten", "/plans/x/", "Enhetschef", date(2026, 12, 1), "Planned")]
            if asked == risk and scope.user_id == town.unit_manager.pk
            else []
        )
    )
    assert "Två på natten" in text_of(get(client, town.unit_manager, address("risk", risk)))
    assert "Två på natten" not in text_of(get(client, town.head, address("risk", risk)))


def test_the_matrix_leads_with_the_finding_and_each_cell_to_its_list(client, town, risk):
    mild = make_risk(town.unit_manager, town.bodies["care-north"], likelihood=1, steps=1, title="En bagatell")
    response = get(client, town.unit_manager, reverse("risks:matrix"))
    assert "1 risk has the level “Hög” or worse after measures, against 1 before" in text_of(response)
    link = f"{reverse('risks:list')}?cell=4x3"
    assert link in response.content.decode()
    shown = text_of(client.get(link))
    assert risk.title in shown
    assert mild.title not in shown


@pytest.mark.parametrize(
    ("show", "caption"),
    [
        ("before", "Number of risks before measures"),
        ("after", "Number of risks after measures"),
        ("", "before → after"),
        ("nonsense", "before → after"),
    ],
)
def test_the_views_of_the_matrix(client, town, risk, show, caption):
    assert caption in text_of(get(client, town.unit_manager, reverse("risks:matrix"), data={"show": show}))


def test_without_risks_and_without_a_scale_the_pages_say_so(client, town):
    assert "Nobody has logged a risk yet" in text_of(get(client, town.unit_manager, reverse("risks:matrix")))
    Scale.objects.all().delete()
    for name in ("matrix", "new"):
        assert "No risk scale is in force" in text_of(get(client, town.unit_manager, reverse(f"risks:{name}")))
    assert get(client, town.unit_manager, reverse("risks:list")).status_code == 200


def test_risks_of_an_earlier_scale_are_told_and_stand_in_no_cell(client, town, risk):
    Scale.objects.update(valid_to=date(2026, 1, 1))
    make_odd_scale(town.municipality, valid_from=date(2026, 1, 1))
    shown = text_of(get(client, town.unit_manager, reverse("risks:matrix")))
    assert "1 risk was judged on an earlier scale" in shown
    assert "12 Hög" in text_of(get(client, town.unit_manager, address("risk", risk)))


def test_a_municipality_with_other_words_shows_its_own(client, db):
    town = make_municipality()
    make_odd_scale(town.municipality)
    make_risk(town.unit_manager, town.bodies["care-north"], likelihood=3, steps=6)
    shown = text_of(get(client, town.unit_manager, reverse("risks:matrix")))
    assert "1 risk has the level “åtgärdas” or worse after measures" in shown
    assert "katastrofal" in shown
    form = text_of(get(client, town.unit_manager, reverse("risks:new")))
    assert "3 ofta" in form
    assert "Area" not in form


def test_unknown_filters_and_pages_give_the_list_with_a_message(client, town, risk):
    url = reverse("risks:list")
    for asked in ({"body": "nonsense"}, {"area": "nonsense"}, {"cell": "99x99"}, {"band": "'; drop"}, {"state": "x"}):
        assert get(client, town.unit_manager, url, data=asked).status_code == 200
    assert get(client, town.unit_manager, url, data={"page": "forged"}).status_code == 200
    assert get(client, town.unit_manager, reverse("risks:risk", args=[uuid4()])).status_code == 404


def test_filters(client, town):
    area = Area.objects.filter(municipality=town.municipality)[0]
    north = make_risk(town.head, town.bodies["care-north"], title="Norra risken", area=area)
    south = make_risk(
        town.head, town.bodies["care-south"], title="Södra risken", likelihood=1, steps=1, horizon="future"
    )
    services.close_risk(
        risk=make_risk(town.head, town.bodies["care-south"], title="Stängda risken"), reason="Borta", by=town.head
    )

    def titles(**asked: str) -> set[str]:
        shown = text_of(get(client, town.head, reverse("risks:list"), data=asked))
        return {title for title in ("Norra", "Södra", "Stängda") if f"{title} risken" in shown}

    assert titles() == {"Norra", "Södra"}
    assert titles(state="all") == {"Norra", "Södra", "Stängda"}
    assert titles(state="closed") == {"Stängda"}
    assert titles(body=str(north.body.public_id)) == {"Norra"}
    assert titles(body=str(town.bodies["care-dept"].public_id)) == {"Norra", "Södra"}
    assert titles(area=area.key) == {"Norra"}
    assert titles(horizon="future") == {"Södra"}
    assert titles(band="high") == {"Norra"}
    assert titles(cell=south.cell_now, stage="now") == {"Södra"}


def test_the_csv_has_the_filtered_list_and_runs_nothing(client, town):
    make_risk(town.unit_manager, town.bodies["care-north"], title='=HYPERLINK("http://x.example","klicka")')
    make_risk(town.unit_manager, town.bodies["care-north"], title="Utanför filtret", likelihood=1, steps=1)
    client.force_login(town.unit_manager)
    response = client.get(reverse("risks:list"), {"as": "csv", "band": "high"})
    text = response.getvalue().decode("utf-8-sig")
    assert response["Content-Disposition"].startswith("attachment")
    assert "'=HYPERLINK" in text
    assert "Utanför" not in text
    assert text.splitlines()[0].startswith("Number;Risk;Unit")


@pytest.mark.parametrize("name", ["matrix", "list"])
def test_a_page_of_risks_takes_at_most_twelve_queries(client, town, name):
    make_risk(town.head, town.bodies["care-north"])
    client.force_login(town.head)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse(f"risks:{name}")).status_code == 200
    assert len(captured) <= 12, [query["sql"][:120] for query in captured]


@pytest.mark.parametrize("name", ["matrix", "list"])
def test_as_many_queries_for_many_risks_as_for_ten(client, town, name):
    def queries() -> int:
        client.force_login(town.head)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(reverse(f"risks:{name}")).status_code == 200
        return len(captured)

    for number in range(10):
        make_risk(town.head, town.bodies["care-north"], title=f"Risk {number}")
    few = queries()
    for number in range(60):
        make_risk(
            town.head,
            town.bodies[("care-north", "care-south")[number % 2]],
            likelihood=1 + number % 5,
            steps=1 + number % 4,
        )
    assert queries() == few


def test_the_pages_of_the_list_hold_every_risk_once(client, town):
    for number in range(60):
        make_risk(town.head, town.bodies["care-north"], title=f"Risk nummer {number:02d}.", likelihood=1 + number % 5)
    client.force_login(town.head)
    seen, url = [], reverse("risks:list")
    while url:
        page = client.get(url)
        seen += re.findall(r"Risk nummer (\d\d)\.", page.content.decode())
        url = page.context["older_url"]
    assert len(seen) == 60
    assert set(seen) == {f"{number:02d}" for number in range(60)}
