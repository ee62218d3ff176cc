"""One form sent twice is one thing; changed answers are a new one."""

import uuid

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from organisation.form_keys import form_key, submission_key

ANSWERS = "kind=threat&text=Hej&csrfmiddlewaretoken=a"


@pytest.fixture
def asked(rf):
    """Ask for an address in one session."""
    session: dict = {}

    def ask(path: str) -> uuid.UUID:
        request = rf.get(path)
        request.session = session
        return form_key(request)

    return ask


def test_the_form_keeps_its_key_in_the_session(asked):
    assert asked("/r/abc/") == asked("/r/abc/")
    assert asked("/r/abc/") != asked("/r/def/")


def test_whoever_means_another_thing_gets_another_key(asked):
    first = asked("/r/abc/")
    another = asked("/r/abc/?another=1")
    assert another != first
    assert asked("/r/abc/") == another


def test_the_key_ends_after_half_an_hour(asked, monkeypatch):
    from datetime import timedelta

    from organisation import clock

    first, now = asked("/r/abc/"), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=31))
    assert asked("/r/abc/") != first


def test_the_same_answers_are_the_same_thing_whatever_the_token():
    key = uuid.uuid4()
    again = QueryDict(ANSWERS.replace("=a", "=b"))
    assert submission_key(key, QueryDict(ANSWERS)) == submission_key(key, again)


def test_changed_answers_are_a_new_thing():
    key = uuid.uuid4()
    assert submission_key(key, QueryDict(ANSWERS)) != submission_key(key, QueryDict(ANSWERS + "&text=Mer"))


@given(
    st.dictionaries(st.text(max_size=5), st.text(max_size=5)), st.dictionaries(st.text(max_size=5), st.text(max_size=5))
)
def test_two_sets_of_answers_share_a_key_only_when_they_are_equal(one, other):
    key, ignored = uuid.UUID(int=1), {"csrfmiddlewaretoken", "submission_key", "person", "again", "edit_count"}
    same = {k: v for k, v in one.items() if k not in ignored} == {k: v for k, v in other.items() if k not in ignored}
    assert (submission_key(key, one) == submission_key(key, other)) == same
