"""Documents stand under the one they are built on; one older than that is allowed, and said (R28, R59, R61, R146)."""

from datetime import date

import pytest

from organisation.models import Municipality, Ruleset
from policies.hierarchy import find, hierarchy
from policies.models import DocumentVersion, GoverningDocument

TODAY = date(2026, 11, 22)
pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Municipality.objects.create(key="provby", name="Provby")


@pytest.fixture
def write(town):
    def writer(key, kind, parent=None, decided=None):
        document = GoverningDocument.objects.create(
            municipality=town, key=key, kind=kind, title=key.capitalize(), parent=parent
        )
        if decided:
            DocumentVersion.objects.create(municipality=town, document=document, decided_on=decided)
        return document

    return writer


def drawn(town, documents=None):
    found = documents if documents is not None else GoverningDocument.objects.with_versions()
    return hierarchy(found, Ruleset(municipality=town), town, TODAY)


def shape(nodes):
    return {node.document.key: shape(node.children) for node in nodes}


def test_a_document_stands_under_the_one_it_is_built_on(town, write):
    policy = write("policy", "policy")
    guideline = write("riktlinje", "guideline", policy)
    write("tillagg", "supplement", guideline)
    write("vision", "vision")
    assert shape(drawn(town)) == {"vision": {}, "policy": {"riktlinje": {"tillagg": {}}}}
    assert [node.heading for node in drawn(town)[1].children] == ["h3"]


def test_a_document_whose_parent_may_not_be_seen_still_stands_there(town, write):
    guideline = write("riktlinje", "guideline", write("policy", "policy"))
    assert shape(drawn(town, [guideline])) == {"riktlinje": {}}


def test_a_guideline_older_than_its_policy_is_flagged(town, write):
    policy = write("policy", "policy", decided=date(1998, 9, 28))
    write("riktlinje", "guideline", policy, decided=date(1998, 8, 28))
    write("plan", "plan", policy, decided=date(1998, 9, 28))
    flags = {node.document.key: node.older_than for node in drawn(town)[0].children}
    assert flags == {"riktlinje": date(1998, 9, 28), "plan": None}


def test_without_both_days_nothing_is_flagged(town, write):
    write("riktlinje", "guideline", write("policy", "policy"), decided=date(1998, 8, 28))
    assert drawn(town)[0].children[0].older_than is None


def test_a_document_is_found_where_it_stands(town, write):
    policy = write("policy", "policy")
    guideline = write("riktlinje", "guideline", policy)
    assert find(drawn(town), guideline).document == guideline
    with pytest.raises(LookupError):
        find(drawn(town, [policy]), guideline)


def test_drawing_asks_the_database_for_nothing(town, write, django_assert_num_queries):
    policy = write("policy", "policy", decided=date(2020, 1, 1))
    for number in range(5):
        write(f"r{number}", "guideline", policy, decided=date(2021, 1, 1))
    found = list(GoverningDocument.objects.with_versions())
    with django_assert_num_queries(0):
        drawn(town, found)
