"""A body is called something else from a day on, and still what it was called on the days before."""

from datetime import timedelta

import pytest

from organisation.errors import NotAllowed
from organisation.models import BodyName, User
from organisation.services.reorganising import ChangeRefused, NewBody, create_body, rename_body
from organisation.tree import children_on
from tests.factories.organisation import make_municipality, make_order
from tests.organisation.reorganising.reading import fresh, name_on, refuse_broken

pytestmark = pytest.mark.django_db

NEW = "Hemtjänst Ängsgläntan"
OLD = "Ängsgläntans hemtjänst"


def test_it_has_the_new_name_from_today_and_the_old_one_before(town, today, last_month):
    unit = town.bodies["care-north"]
    rename_body(body=unit, name=f"  {NEW} ", order=make_order(town))
    assert fresh(unit).name == NEW
    assert (name_on(unit, last_month), name_on(unit, today)) == (OLD, NEW)
    assert NEW in [body.name for body in children_on(town.municipality, today)[town.bodies["care-dept"].pk]]
    assert OLD in [body.name for body in children_on(town.municipality, last_month)[town.bodies["care-dept"].pk]]
    refuse_broken(town.municipality)


def test_a_name_to_come_leaves_today_untouched_until_the_first_request_of_its_day(town, next_month, client, move_clock):
    unit = town.bodies["care-north"]
    rename_body(body=unit, name=NEW, order=make_order(town, next_month))
    assert fresh(unit).name == OLD
    move_clock(next_month - timedelta(days=1))
    client.force_login(town.head, backend="organisation.access.ScopeBackend")
    client.get("/livez")
    assert fresh(unit).name == OLD
    move_clock(next_month)
    client.force_login(User.objects.get(pk=town.head.pk), backend="organisation.access.ScopeBackend")
    client.get("/livez")
    assert fresh(unit).name == NEW


def test_a_past_day(town, today, last_month):
    unit = town.bodies["care-north"]
    rename_body(body=unit, name=NEW, order=make_order(town, last_month))
    assert fresh(unit).name == NEW
    assert name_on(unit, last_month - timedelta(days=1)) == OLD


def test_a_later_name_that_is_decided_stands(town, today, next_month):
    unit = town.bodies["care-north"]
    rename_body(body=unit, name="Ängen", order=make_order(town, next_month))
    rename_body(body=unit, name=NEW, order=make_order(town))
    assert (name_on(unit, today), name_on(unit, next_month)) == (NEW, "Ängen")


def test_the_same_day_again_corrects_it(town, today):
    unit = town.bodies["care-north"]
    rename_body(body=unit, name="Ängsgläntna", order=make_order(town))
    rename_body(body=unit, name=NEW, order=make_order(town))
    assert fresh(unit).name == NEW
    assert BodyName.objects.filter(body=unit).count() == 2


def test_one_that_has_not_begun_is_called_so_from_the_first_day(town, next_month):
    new = NewBody("Granen", "unit", town.bodies["care-dept"])
    body = create_body(new=new, order=make_order(town, next_month)).parts.get(part="after").body
    rename_body(body=body, name="Granbacken", order=make_order(town, next_month))
    assert fresh(body).name == "Granbacken"


def test_the_council_may_be_renamed(town):
    rename_body(body=town.bodies["council"], name="Fullmäktige", order=make_order(town))
    assert fresh(town.bodies["council"]).name == "Fullmäktige"


def test_what_is_recorded(town):
    change = rename_body(body=town.bodies["care-north"], name=NEW, order=make_order(town))
    assert set(change.parts.values_list("part", "name")) == {("before", OLD), ("after", NEW)}
    assert change.moved == []
    assert not change.crosses_authorities


@pytest.mark.parametrize("name", [OLD, f" {OLD}", "", "x" * 161])
def test_a_name_that_is_none_or_the_same_is_refused(town, name):
    with pytest.raises(ChangeRefused) as refusal:
        rename_body(body=town.bodies["care-north"], name=name, order=make_order(town))
    assert refusal.value.field == "name"
    assert not BodyName.objects.exists()


def test_a_day_on_which_it_is_not_there_is_refused(town, today, next_month):
    new = NewBody("Granen", "unit", town.bodies["care-dept"])
    body = create_body(new=new, order=make_order(town, next_month)).parts.get(part="after").body
    with pytest.raises(ChangeRefused):
        rename_body(body=body, name=NEW, order=make_order(town))


def test_only_the_administrator_of_the_municipality_may(town):
    other = make_municipality("Grannby kommun")
    for by in (town.head, other.administrator):
        with pytest.raises(NotAllowed):
            rename_body(body=town.bodies["care-north"], name=NEW, order=make_order(town, by=by))
