"""Bodies and people are chosen by search: in scope, without JavaScript, with every other answer kept."""

import pytest
from django import forms
from django.db import connection
from django.http import QueryDict
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from organisation.forms import choosing
from organisation.forms.choosing import BodyChoice, ChoosingForm, PersonChoice
from organisation.models import Body, BodyKind
from tests.factories.organisation import make_body, make_municipality, make_user

pytestmark = pytest.mark.django_db


class Move(ChoosingForm):
    parent = BodyChoice(label="Under which body?")
    told = PersonChoice(label="Who is told?", several=True, required=False)
    why = forms.CharField(label="Why?")

    def __init__(self, *args, town, **kwargs):
        super().__init__(*args, **kwargs)
        self.choose_among("parent", bodies_of(town))
        self.choose_among("told", town.municipality.people.all())


def bodies_of(town):
    return Body.objects.of(town.municipality)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def town():
    return make_municipality()


def sent(town, words: str = "", **changes: object) -> Move:
    """The form as a browser sends it; ``words`` fills the search of the body, which has not been answered yet."""
    data = QueryDict(mutable=True)
    answers = {"parent_words": words, "parent_answered": "", "told_words": "", "told_answered": "", "why": "Because"}
    for name, value in {**answers, **changes}.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return Move(data, town=town)


def labels(form, name="parent"):
    return [option.label for option in form[name].options]


class TestSearching:
    def test_words_that_are_not_searched_yet_are_a_search_and_no_error(self, town):
        form = sent(town, "hemtjänst", why="")
        assert not form.is_valid()
        assert not form.errors
        assert labels(form) == ["Ängsgläntans hemtjänst"]

    def test_every_other_answer_is_kept(self, town):
        assert sent(town, "hemtjänst", why="As decided")["why"].value() == "As decided"

    def test_the_button_asks_again_for_the_same_words(self, town):
        form = sent(town, "tall", parent_answered="tall", search_in="parent")
        assert not form.is_valid()
        assert not form.errors

    def test_small_letters_find_large_ones(self, town):
        assert labels(sent(town, "ängsGL")) == ["Ängsgläntans hemtjänst"]

    def test_each_word_must_be_there(self, town):
        assert labels(sent(town, "hemtjänst ängs")) == ["Ängsgläntans hemtjänst"]
        assert labels(sent(town, "hemtjänst björk")) == []

    def test_per_cent_is_a_sign_like_any_other(self, town):
        assert labels(sent(town, "%")) == []

    def test_a_body_says_what_it_is_and_where_it_stands(self, town):
        assert sent(town, "tallmon")["parent"].options[0].hint == "Unit, Äldreförvaltningen, Äldrenämnden"

    def test_one_found_is_ticked_and_several_are_not(self, town):
        assert [option.chosen for option in sent(town, "tallmon")["parent"].options] == [True]
        assert not any(option.chosen for option in sent(town, "förvaltning")["parent"].options)

    def test_what_was_chosen_stands_first_after_another_search(self, town):
        chosen = town.bodies["school-unit"].public_id
        form = sent(town, "tallmon", parent=chosen)
        assert labels(form) == ["Björkhagens förskola", "Tallmons gruppboende"]
        assert [option.chosen for option in form["parent"].options] == [True, False]

    def test_never_more_than_are_shown(self, town, monkeypatch):
        monkeypatch.setattr(choosing, "MOST_FOUND", 2)
        form = sent(town, "n")
        assert len(labels(form)) == 2
        assert form["parent"].more

    def test_people_are_found_by_name_and_by_address(self, town):
        by_name = sent(town, told_words="maja")
        assert labels(by_name, "told") == ["Maja Exempelsson"]
        assert by_name["told"].options[0].hint.endswith("; Enhetschef, Ängsgläntans hemtjänst")
        assert labels(sent(town, told_words="unit_ombud@"), "told") == ["Olle Ombudsson"]


class TestChoosing:
    def test_the_body_that_was_ticked(self, town):
        form = sent(town, "ängs", parent_answered="ängs", parent=town.bodies["care-north"].public_id)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["parent"] == town.bodies["care-north"]
        assert form.cleaned_data["told"] == []

    def test_several_people(self, town):
        ids = [town.head.public_id, town.unit_manager.public_id]
        form = sent(town, parent=town.bodies["care"].public_id, told=[str(one) for one in ids])
        assert form.is_valid(), form.errors
        assert form.cleaned_data["told"] == [town.unit_manager, town.head]

    def test_a_mapping_of_plain_values_is_read_too(self, town):
        data = {"parent": town.bodies["care"].public_id, "told": [town.head.public_id], "why": "Because"}
        form = Move(data, town=town)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["told"] == [town.head]

    def test_nothing_ticked_is_told(self, town):
        form = sent(town, "tall", parent_answered="tall")
        assert not form.is_valid()
        assert form.errors["parent"] == ["Search for a body and choose it."]
        assert labels(form) == ["Tallmons gruppboende"]

    @pytest.mark.parametrize("value", ["", "no-id", "00000000-0000-4000-8000-000000000000"])
    def test_what_is_no_row_is_refused(self, town, value):
        assert "parent" in sent(town, parent=value).errors

    def test_two_where_one_is_asked_for_are_refused(self, town):
        both = [str(town.bodies[key].public_id) for key in ("care", "school")]
        assert sent(town, parent=both).errors["parent"] == ["What you chose can't be chosen any more. Search again."]

    def test_another_municipalitys_body_and_person_are_neither_found_nor_taken(self, town):
        other = make_municipality("Annanby kommun")
        form = sent(town, parent=other.bodies["care"].public_id, told=[str(other.head.public_id)])
        assert set(form.errors) == {"parent", "told"}
        assert len(labels(sent(town, "äldrenämnden"))) == 1

    def test_who_has_left_is_neither_found_nor_taken(self, town):
        gone = make_user(town.municipality, "Gösta Slutat", is_active=False)
        assert labels(sent(town, told_words="Gösta"), "told") == []
        assert "told" in sent(town, told=[str(gone.public_id)]).errors

    def test_control_someone_who_is_here_is_found(self, town):
        make_user(town.municipality, "Gösta Kvarsson")
        assert labels(sent(town, told_words="Gösta"), "told") == ["Gösta Kvarsson"]

    def test_a_form_may_begin_with_a_row(self, town):
        form = Move(town=town, initial={"parent": town.bodies["care"], "told": [town.head]})
        assert labels(form) == ["Äldrenämnden"]
        assert labels(form, "told") == ["Nils Påhittsson"]


class TestFew:
    def test_few_rows_are_all_offered_without_a_search(self, town):
        form = Move(town=town)
        form.choose_among("parent", bodies_of(town).filter(kind=BodyKind.COMMITTEE))
        assert not form["parent"].is_searched
        assert labels(form) == ["Utbildningsnämnden", "Äldrenämnden"]

    def test_an_errors_link_leads_to_the_first_of_them(self, town):
        form = Move(town=town)
        assert form["parent"].id_for_label == "id_parent_words"
        form = Move(town=town)
        form.choose_among("parent", bodies_of(town).filter(kind=BodyKind.COMMITTEE))
        assert form["parent"].id_for_label == "id_parent_0"


class TestDrawn:
    def drawn(self, form):
        template = Template("{% load portal %}{% field form.parent %}{% field form.told %}")
        return template.render(Context({"form": form}))

    def test_the_search_its_answer_and_the_rows(self, town):
        html = self.drawn(sent(town, "tallmon"))
        assert 'name="parent_words"' in html
        assert 'name="parent_answered" value="tallmon"' in html
        assert "1 found. Choose it below and go on." in html
        assert f'value="{town.bodies["care-south"].public_id}"' in html
        assert "autofocus" in html

    def test_what_was_not_searched_for_now_takes_no_focus(self, town):
        assert "autofocus" not in self.drawn(sent(town, "tallmon", parent_answered="tallmon"))

    def test_words_are_escaped(self, town):
        html = self.drawn(sent(town, '"><script>'))
        assert "<script>" not in html

    def test_as_many_queries_for_many_rows_as_for_few(self, town):
        make_body(town.municipality, BodyKind.UNIT, "Ett gruppboende", town.bodies["care-dept"])
        few = self.queries(town)
        for number in range(30):
            make_body(town.municipality, BodyKind.UNIT, f"Gruppboende {number}", town.bodies["care-dept"])
        assert self.queries(town) == few <= 8

    def queries(self, town):
        with CaptureQueriesContext(connection) as asked:
            self.drawn(sent(town, "gruppboende", told_words="a"))
        return len(asked)
