"""Pages by keyset: every row once, in order, both ways; a stranger's cursor leads nowhere."""

import pytest
from django.core import signing

from organisation.keyset import bounded_count, keyset_page
from organisation.models import Body, BodyKind
from tests.factories.organisation import make_body, make_municipality

pytestmark = pytest.mark.django_db

ORDER = ("-kind", "name", "pk")


@pytest.fixture
def bodies():
    municipality = make_municipality(people=False).municipality
    for number in range(23):
        kind = BodyKind.UNIT if number % 3 else BodyKind.DEPARTMENT
        make_body(municipality, kind, f"Enhet {number % 5}")
    return Body.objects.filter(municipality=municipality)


# Rows are compared whole where all fields run one way, else field by field.
@pytest.mark.parametrize("order", [ORDER, ("kind", "name", "pk"), ("-kind", "-name", "-pk"), ("-pk",)])
def test_walking_forward_shows_every_row_once_in_order(bodies, order):
    seen, cursor = [], None
    while True:
        page = keyset_page(bodies, order=order, cursor=cursor, size=4)
        seen += page.rows
        cursor = page.older_cursor
        if cursor is None:
            break
    assert seen == list(bodies.order_by(*order))


@pytest.mark.parametrize("order", [ORDER, ("kind", "name", "pk"), ("-kind", "-name", "-pk")])
def test_walking_back_shows_the_same_pages(bodies, order):
    first = keyset_page(bodies, order=order, size=4)
    second = keyset_page(bodies, order=order, cursor=first.older_cursor, size=4)
    back = keyset_page(bodies, order=order, cursor=second.newer_cursor, size=4)
    assert back.rows == first.rows
    assert back.newer_cursor is None
    assert keyset_page(bodies, order=order, cursor=back.older_cursor, size=4).rows == second.rows


def test_a_page_tells_whether_it_is_all_there_is(bodies):
    first = keyset_page(bodies, order=ORDER, size=20)
    last = keyset_page(bodies, order=ORDER, cursor=first.older_cursor, size=20)
    every = keyset_page(bodies, order=ORDER, size=bodies.count())
    assert [page.is_part for page in (first, last, every)] == [True, True, False]


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", signing.dumps([0, ["name"], ["x"]], salt="organisation.keyset")],
    # The signed one holds the time: parallel processes must still name the test alike.
    ids=["nonsense", "of another list"],
)
def test_a_cursor_that_is_not_of_this_list_gives_the_first_page(bodies, cursor):
    assert keyset_page(bodies, order=ORDER, cursor=cursor, size=4).rows == list(bodies.order_by(*ORDER)[:4])


def test_a_count_is_exact_until_it_is_bounded(bodies, monkeypatch):
    assert bounded_count(bodies) == (bodies.count(), True)
    monkeypatch.setattr("organisation.keyset.MOST_COUNTED", 5)
    assert bounded_count(bodies) == (5, False)
