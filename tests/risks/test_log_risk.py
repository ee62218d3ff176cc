"""Logging a risk: what is written, who may, and what is refused."""

import threading
import uuid
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from organisation import clock
from organisation.errors import NotAllowed
from organisation.models import Ruleset
from risks import services
from risks.errors import ConsequenceMissing, NoScale, NotOurs, OutsideScale
from risks.models import Assessment, Risk, RiskCounter, RiskStatus, Scale, Serious, Stage
from risks.services import steps
from risks.tasks import rank_by_new_rules
from tests.factories.organisation import make_municipality
from tests.factories.risks import (
    consequences,
    make_areas,
    make_dimensions,
    make_ground,
    make_odd_scale,
    make_risk,
    make_scale,
)


def test_a_risk_comes_with_its_judgement_its_level_and_its_number(town):
    unit = town.bodies["care-north"]
    risk = make_risk(town.unit_manager, unit, likelihood=4, steps=(4, 2), serious=Serious.YES)
    risk.refresh_from_db()
    assert risk.label == f"R-{risk.year}-001"
    assert (risk.band_before, risk.band_now, risk.cell_now, risk.severity_now) == ("high", "high", "4x4", 3)
    assert risk.sort_key > 0
    judged = risk.assessments.get()
    assert (judged.stage, judged.likelihood, judged.consequence, judged.persons_consequence) == (Stage.BEFORE, 4, 4, 4)
    assert judged.by == town.unit_manager
    assert list(judged.consequences.values_list("dimension__name", "level")) == [("Människor", 4), ("Verksamhet", 2)]
    assert [(row.to_state, row.by) for row in risk.statuses.all()] == [("open", town.unit_manager)]
    assert risk.history.count() == 1


def test_a_dimension_that_is_not_touched_may_be_left_out(town):
    risk = make_risk(town.unit_manager, town.bodies["care-north"], steps=(0, 5))
    judged = risk.assessments.get()
    assert (judged.consequence, judged.persons_consequence) == (5, None)


def test_numbers_run_without_gaps_per_municipality_and_year(town, other_town):
    unit = town.bodies["care-north"]
    first, second = make_risk(town.unit_manager, unit), make_risk(town.unit_manager, unit)
    theirs = make_risk(other_town.unit_manager, other_town.bodies["care-north"])
    with mock.patch("organisation.clock.today", return_value=date(first.year + 1, 1, 2)):
        next_year = make_risk(town.unit_manager, unit)
    assert [risk.number for risk in (first, second, theirs, next_year)] == [1, 2, 1, 1]


def test_the_same_form_twice_gives_one_risk(town):
    key, unit = uuid.uuid4(), town.bodies["care-north"]
    first = make_risk(town.unit_manager, unit, submission_key=key)
    again = make_risk(town.unit_manager, unit, submission_key=key)
    assert (first.pk, Risk.objects.count(), RiskCounter.objects.get().last) == (again.pk, 1, 1)


def test_nobody_gets_another_persons_risk_by_its_key(town):
    key = uuid.uuid4()
    make_risk(town.unit_manager, town.bodies["care-north"], submission_key=key)
    with pytest.raises(NotAllowed):
        make_risk(town.head, town.bodies["care-north"], submission_key=key)


@pytest.mark.parametrize(
    "role", ["employee", "safety_representative", "committee_member", "other_manager", "administrator"]
)
def test_who_may_not_log_a_risk_at_the_unit_is_refused(town, role):
    with pytest.raises(NotAllowed):
        make_risk(getattr(town, role), town.bodies["care-north"])
    assert not Risk.objects.exists()
    assert not RiskCounter.objects.exists()


def test_who_may_not_is_let_in_when_the_protection_is_off(town):
    """The control of the test above."""
    with mock.patch("risks.services.logging.require"):
        make_risk(town.employee, town.bodies["care-north"])
    assert Risk.objects.exists()


@pytest.mark.parametrize(
    "role", ["unit_manager", "unit_ombud", "head", "coordinator", "safety_coordinator", "head_of_security"]
)
def test_who_may_log_a_risk_at_the_unit(town, role):
    assert make_risk(getattr(town, role), town.bodies["care-north"]).created_by == getattr(town, role)


def test_another_municipalitys_body_area_and_dimension_are_refused(town, other_town):
    unit = town.bodies["care-north"]
    with pytest.raises(NotAllowed):
        make_risk(town.safety_coordinator, other_town.bodies["care-north"])
    with pytest.raises(NotOurs):
        make_risk(town.unit_manager, unit, area=make_areas(other_town.municipality, ("Annans",))[0])
    with pytest.raises(NotOurs):
        make_risk(town.unit_manager, unit, steps=3, consequences=consequences(other_town.municipality, (3, 3)))
    with pytest.raises(NotOurs):
        make_risk(town.unit_manager, unit, steps=3, consequences={None: 3})
    assert not Risk.objects.exists()


def test_an_area_no_longer_in_force_and_a_closed_body_are_refused(town):
    old = make_areas(town.municipality, ("Gammalt område",), valid_to=date(2020, 1, 1))[0]
    with pytest.raises(NotOurs):
        make_risk(town.head, town.bodies["care-north"], area=old)
    closed = town.bodies["care-south"]
    closed.valid_to, closed.successor = date(2020, 1, 1), town.bodies["care-north"]
    closed.save()
    with pytest.raises(NotOurs):
        make_risk(town.head, closed)


def test_a_step_that_the_scale_does_not_have_leaves_nothing_behind(town):
    with pytest.raises(OutsideScale):
        make_risk(town.unit_manager, town.bodies["care-north"], likelihood=6)
    with pytest.raises(ConsequenceMissing):
        make_risk(town.unit_manager, town.bodies["care-north"], consequences={})
    assert not Risk.objects.exists()
    assert not RiskCounter.objects.exists()


def test_without_a_scale_in_force_the_refusal_says_so(town):
    Scale.objects.update(valid_to=date(2020, 1, 1))
    with pytest.raises(NoScale):
        make_risk(town.unit_manager, town.bodies["care-north"])


def test_an_error_half_way_leaves_nothing(town):
    with (
        mock.patch("risks.services.logging.write_assessment", side_effect=RuntimeError("half way")),
        pytest.raises(RuntimeError),
    ):
        make_risk(town.unit_manager, town.bodies["care-north"])
    assert (Risk.objects.count(), Assessment.objects.count(), RiskStatus.objects.count()) == (0, 0, 0)
    assert not RiskCounter.objects.exists()


def test_a_case_that_the_person_may_not_see_can_not_be_cited(town):
    seen = make_ground(town.bodies["care-north"])
    unseen = make_ground(town.bodies["school-unit"])
    risk = make_risk(town.unit_manager, town.bodies["care-north"], incidents=[seen])
    assert list(risk.incidents.all()) == [seen]
    with pytest.raises(NotAllowed):
        make_risk(town.unit_manager, town.bodies["care-north"], incidents=[seen, unseen])


def test_a_municipality_without_dimensions_and_areas(db):
    town = make_municipality()
    make_odd_scale(town.municipality)
    risk = make_risk(town.unit_manager, town.bodies["care-north"], likelihood=3, steps=5)
    assert (risk.cell_now, str(risk.band_now), risk.severity_now) == ("3x5", "rod", 4)
    assert risk.assessments.get().consequences.count() == 0


def test_a_municipality_that_looks_like_none_of_the_five(db):
    town = make_municipality()
    make_odd_scale(town.municipality)
    make_dimensions(town.municipality, ("Folk", "Natur"), persons="Folk")
    areas = make_areas(town.municipality, ("Ett", "Två", "Tre", "Fyra"))
    risk = make_risk(town.unit_manager, town.bodies["care-north"], likelihood=1, steps=(6, 2), area=areas[3])
    assert (risk.cell_now, risk.band_now, risk.severity_now) == ("1x6", "rod", 4)


def test_another_use_of_scales_is_passed_over_for_the_general_one(town):
    make_odd_scale(town.municipality, key="aaa", use="information_security")
    unit = town.bodies["care-north"]
    assert str(make_risk(town.unit_manager, unit).scale_now) == "Arbetsplats 5 × 5"
    Scale.objects.filter(key="workplace").update(valid_to=date(2020, 1, 1))
    assert str(make_risk(town.unit_manager, unit, likelihood=3).scale_now) == "Exempelbys skala"


def test_the_rule_about_persons_on_the_day_orders_the_list(town):
    unit = town.bodies["care-north"]
    costly = make_risk(town.unit_manager, unit, likelihood=4, steps=(0, 5))
    hurtful = make_risk(town.unit_manager, unit, likelihood=3, steps=(3, 0))
    assert list(Risk.objects.worst_first()) == [hurtful, costly]
    Ruleset.objects.update(persons_rank="")
    assert services.rank_anew(municipality=town.municipality) > 0
    assert list(Risk.objects.worst_first()) == [costly, hurtful]
    assert services.rank_anew(municipality=town.municipality) == 0


def test_a_rule_that_comes_into_force_reorders_the_list_by_itself(town):
    unit = town.bodies["care-north"]
    costly = make_risk(town.unit_manager, unit, likelihood=4, steps=(0, 5))
    hurtful = make_risk(town.unit_manager, unit, likelihood=3, steps=(3, 0))
    tomorrow = clock.today() + timedelta(days=1)
    Ruleset.objects.update(valid_to=tomorrow)
    Ruleset.objects.create(municipality=town.municipality, persons_rank="", valid_from=tomorrow)
    assert rank_by_new_rules() == 0
    assert list(Risk.objects.worst_first()) == [hurtful, costly]
    with mock.patch("organisation.clock.today", return_value=tomorrow):
        assert rank_by_new_rules() > 0
    assert list(Risk.objects.worst_first()) == [costly, hurtful]


def log_at_once(town, keys) -> list[Any]:
    """Log one risk per key, all at the same time, and return risks and errors."""
    start = threading.Barrier(len(keys))
    results: list[Any] = []

    def run(key):
        try:
            start.wait(10)
            results.append(make_risk(town.unit_manager, town.bodies["care-north"], submission_key=key))
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


needs_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="threads need a real database server")


@pytest.fixture
def busy_town(transactional_db):
    town = make_municipality()
    make_scale(town.municipality)
    make_dimensions(town.municipality)
    return town


@needs_postgresql
def test_risks_logged_at_once_get_numbers_in_a_row(busy_town):
    logged = log_at_once(busy_town, [uuid.uuid4() for _number in range(6)])
    assert sorted(risk.number for risk in logged) == [1, 2, 3, 4, 5, 6]


@needs_postgresql
def test_one_form_sent_six_times_at_once_gives_one_risk(busy_town):
    logged = log_at_once(busy_town, [uuid.uuid4()] * 6)
    assert {risk.pk for risk in logged} == {Risk.objects.get().pk}


@needs_postgresql
def test_without_the_lock_the_numbers_collide(busy_town):
    """The control of the two tests above."""
    RiskCounter.objects.create(municipality=busy_town.municipality, year=clock.today().year)
    meet = threading.Barrier(2)
    read = steps.locked_counter

    def unlocked(municipality, year):
        counter = read(municipality, year)
        meet.wait(10)
        return counter

    # Outside the threads: two that patch at once would leave the patch behind for every later test.
    with (
        mock.patch.object(QuerySet, "select_for_update", lambda self, **_options: self),
        mock.patch("risks.services.logging.locked_counter", unlocked),
    ):
        results = log_at_once(busy_town, [uuid.uuid4(), uuid.uuid4()])
    assert [type(result) for result in results if isinstance(result, Exception)] == [IntegrityError]


@needs_postgresql
def test_of_two_who_judge_at_once_one_is_told(busy_town):
    risk = make_risk(busy_town.unit_manager, busy_town.bodies["care-north"])
    results = judge_at_once(busy_town, risk)
    assert sorted(type(result).__name__ for result in results) == ["Assessment", "StaleVersion"]
    risk.refresh_from_db()
    assert (risk.version, risk.assessments.count()) == (2, 2)


@needs_postgresql
def test_without_the_lock_both_would_be_saved(busy_town):
    """The control of the test above."""
    risk = make_risk(busy_town.unit_manager, busy_town.bodies["care-north"])
    meet = threading.Barrier(2)

    def unlocked(found, by):
        row = Risk.objects.select_related("body", "municipality").get(pk=found.pk)
        meet.wait(10)
        return row

    with mock.patch("risks.services.judging.locked", unlocked):
        results = judge_at_once(busy_town, risk)
    assert [type(result).__name__ for result in results] == ["Assessment", "Assessment"]


def judge_at_once(town, risk) -> list[Any]:
    """Let two people judge the same version of a risk at the same time; return what each was given."""
    start = threading.Barrier(2)
    results: list[Any] = []

    def run(person, likelihood):
        judgement = {"likelihood": likelihood, "consequences": consequences(town.municipality, 2)}
        try:
            start.wait(10)
            results.append(
                services.assess_risk(risk=risk, stage=Stage.AFTER, by=person, expected_version=1, **judgement)
            )
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in ((town.unit_manager, 1), (town.head, 2))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results
