"""A list's filter under a name of one's own: saved, replaced, opened, deleted; nobody sees another's."""

import pytest
from django.http import QueryDict

from organisation.errors import NotAllowed
from organisation.models import SavedFilter, User
from organisation.saved_filters import MOST_KEPT, address_of, filters_of, query_of
from organisation.services.saved_filters import FilterRefused, delete_filter, save_filter
from tests.factories.incidents import make_incidents

INBOX, NEW, LIST = "incidents:inbox", "/organisation/filters/new/", "/organisation/filters/"


def save(person, name="Hot", query="kind=threat", page=INBOX):
    return save_filter(page=page, name=name, query=query, person=person)


def test_kept_under_its_name_for_one_person(town):
    saved = save(town.unit_manager)
    assert filters_of(town.unit_manager, INBOX) == [saved]
    assert address_of(saved) == "/incidents/?kind=threat"
    assert filters_of(town.head) == []


def test_the_same_name_again_stands_for_the_new_filter(town):
    save(town.unit_manager)
    saved = save(town.unit_manager, query="kind=fire")
    assert [one.query for one in filters_of(town.unit_manager)] == ["kind=fire"]
    assert save(town.head, query="").pk != saved.pk


@pytest.mark.parametrize("wrong", [{"page": "home"}, {"page": ""}, {"name": "  "}, {"query": "a" * 1001}])
def test_what_can_not_be_saved_is_refused(town, wrong):
    with pytest.raises(FilterRefused):
        save(town.unit_manager, **wrong)
    assert not SavedFilter.objects.exists()


def test_no_more_than_so_many(town):
    for place in range(MOST_KEPT):
        save(town.unit_manager, name=f"Nr {place}")
    with pytest.raises(FilterRefused):
        save(town.unit_manager, name="Ännu ett")
    save(town.unit_manager, name="Nr 1", query="kind=fire")


def test_an_operator_has_none(town):
    with pytest.raises(NotAllowed):
        save(User.objects.create_superuser("drift@example.se", "x" * 20, name="Drift Driftsson"))


def test_deleted_by_its_own_person_alone(town):
    saved = save(town.unit_manager)
    with pytest.raises(NotAllowed):
        delete_filter(saved=saved, by=town.head)
    delete_filter(saved=saved, by=town.unit_manager)
    assert not SavedFilter.objects.exists()


def test_the_filter_of_an_address_is_what_was_chosen():
    asked = QueryDict("kind=threat&state=&page=abc&body=1&body=2")
    assert query_of(asked) == "kind=threat&body=1&body=2"


class TestPages:
    def test_from_the_inbox_and_back(self, as_):
        client = as_("unit_manager")
        inbox = client.get("/incidents/", {"kind": "threat", "page": "forged"})
        assert f"{NEW}?of={INBOX}&amp;kind=threat" in inbox.content.decode()
        form = client.get(NEW, {"of": INBOX, "kind": "threat", "page": "forged"}).context["form"]
        sent = {"name": "Hot", "of": INBOX, "query": form["query"].value()}
        done = client.post(NEW, sent)
        assert done.url == "/incidents/?kind=threat"
        shown = client.get(done.url)
        assert [(one["label"], one["current"]) for one in shown.context["saved"]] == [("Hot", True)]
        assert not client.get("/incidents/").context["saved"][0]["current"]

    def test_a_mistake_is_named(self, as_):
        page = as_("unit_manager").post(NEW, {"name": "", "of": INBOX, "query": "kind=threat"})
        assert page.status_code == 422
        assert "kind=threat" in page.content.decode()

    @pytest.mark.parametrize("of", ["", "home", "https://example.com", "//example.com"])
    def test_only_lists_of_the_portal_lead_anywhere(self, as_, of):
        client = as_("unit_manager")
        assert client.get(NEW, {"of": of}).url == LIST
        assert client.post(NEW, {"name": "Hot", "of": of, "query": ""}).url == LIST
        assert not SavedFilter.objects.exists()

    def test_listed_and_deleted_and_nobody_elses(self, town, as_):
        saved = save(town.unit_manager)
        delete = f"{LIST}{saved.public_id}/delete/"
        assert saved.name in as_("unit_manager").get(LIST).content.decode()
        assert saved.name not in as_("head").get(LIST).content.decode()
        assert as_("head").post(delete).status_code == 404
        assert as_("unit_manager").get(delete).status_code == 405
        as_("unit_manager").post(delete)
        assert not SavedFilter.objects.exists()

    def test_a_shared_address_shows_each_what_they_may_see(self, town, as_):
        make_incidents(town.bodies["care-north"], 1)
        address = address_of(save(town.unit_manager))
        assert as_("unit_manager").get(address).context["count"] == 1
        assert as_("other_manager").get(address).context["count"] == 0
