"""Fields of our own: what people may type, what it becomes, and what they are told."""

import uuid
from datetime import date, time

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertHTMLEqual

from safety_portal.forms import (
    ChoiceRows,
    DateField,
    KronorField,
    LongSelect,
    PortalForm,
    ScaleSelect,
    SubmissionKeyField,
    TimeField,
)


class Report(PortalForm):
    key = SubmissionKeyField()
    kind = forms.ChoiceField(
        label="What happened?",
        choices=[("1", "Threat"), ("2", "Violence")],
        widget=ChoiceRows(hints={"2": "Any force"}),
    )
    on = DateField(label="Which day?", help_text="For example 16 11 2026.")
    at = TimeField(label="What time?", required=False)
    cost = KronorField(label="Cost", required=False)


class Scale(PortalForm):
    step = forms.ChoiceField(label="How likely?", choices=[("1", "1 Unlikely")], widget=ScaleSelect)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def filled(**changes: str) -> Report:
    return Report({"kind": "1", "on_day": "16", "on_month": "11", "on_year": "2026", **changes})


def day_errors(**parts: str) -> list[str]:
    return [str(error) for error in filled(**parts).errors.get("on", [])]


class TestDate:
    @given(st.dates(min_value=date(1000, 1, 1)))
    def test_every_day_survives_the_three_boxes(self, day):
        form = filled(on_day=str(day.day), on_month=str(day.month), on_year=str(day.year))
        assert form.is_valid(), form.errors
        assert form.cleaned_data["on"] == day

    @given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))
    def test_any_text_is_answered_never_raised(self, day, month, year):
        filled(on_day=day, on_month=month, on_year=year).is_valid()

    def test_one_iso_date_is_taken_under_the_fields_own_name(self):
        form = Report({"kind": "1", "on": "2026-11-16"})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["on"] == date(2026, 11, 16)

    def test_a_whole_date_pasted_into_a_box_is_that_date(self):
        form = Report({"kind": "1", "on_day": "2026-11-16", "on_month": "", "on_year": ""})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["on"] == date(2026, 11, 16)

    def test_each_missing_part_is_named(self):
        assert day_errors(on_day="") == ["The date must have a day."]
        assert day_errors(on_month="") == ["The date must have a month."]
        assert day_errors(on_year="26") == ["The date must have a year with four digits."]

    def test_a_day_that_does_not_exist(self):
        assert day_errors(on_day="31") == ["Enter a real date, for example 16 11 2026."]

    def test_an_empty_date_is_told_by_its_question(self):
        assert day_errors(on_day="", on_month="", on_year="") == ["Fill in “Which day?”."]

    def test_what_was_typed_is_kept(self):
        html = str(filled(on_day="31")["on"].as_field_group())
        assert 'value="31"' in html
        assert 'value="2026"' in html


@pytest.mark.parametrize("typed", ["14.30", "14:30", "1430"])
def test_a_time_as_it_is_written_here(typed):
    form = filled(at=typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["at"] == time(14, 30)


class TestKronor:
    @pytest.mark.parametrize(
        ("typed", "ore"),
        [("12 500", 1_250_000), ("12 500 kr", 1_250_000), ("12\u00a0500,5", 1_250_050), ("0", 0), ("", None)],
    )
    def test_becomes_ore(self, typed, ore):
        form = filled(cost=typed)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["cost"] == ore

    @pytest.mark.parametrize("typed", ["many", "-5", "1,234", "1e5"])
    def test_what_is_not_an_amount(self, typed):
        assert filled(cost=typed).errors["cost"] == ["Enter an amount in kronor, for example 12 500."]

    @given(st.integers(min_value=0, max_value=10**12))
    def test_shown_and_read_again_it_is_the_same(self, ore):
        field = KronorField()
        assert field.clean(field.prepare_value(ore)) == ore


class TestSubmissionKey:
    def test_is_new_for_each_form(self):
        assert Report()["key"].value() != Report()["key"].value()

    def test_is_kept_when_the_form_is_shown_again(self):
        key = str(uuid.uuid4())
        assert f'value="{key}"' in str(Report({"key": key})["key"])

    def test_nothing_is_refused_for_want_of_it(self):
        form = filled()
        assert form.is_valid(), form.errors
        assert isinstance(form.cleaned_data["key"], uuid.UUID)

    def test_an_unreadable_key_is_replaced(self):
        form = filled(key="rubbish")
        assert form.is_valid(), form.errors
        assert isinstance(form.cleaned_data["key"], uuid.UUID)


class TestMarkup:
    def test_an_error_names_its_question_and_is_tied_to_its_control(self):
        form = Report({})
        html = str(form["kind"].as_field_group())
        assert "Answer “What happened?”." in html
        assert 'id="id_kind_error"' in html
        assert 'aria-describedby="id_kind_error"' in html
        assert '<span class="govuk-visually-hidden">Error:</span>' in html

    def test_a_hint_is_tied_to_the_group_and_to_its_choice(self):
        assert 'aria-describedby="id_on_helptext"' in str(Report()["on"].as_field_group())
        assert 'aria-describedby="id_kind_1_hint"' in str(Report()["kind"].as_field_group())

    def test_a_scale_stands_in_a_row(self):
        assert "tp-choices--row" in str(Scale()["step"].as_field_group())

    def test_the_browser_checks_nothing(self):
        assert " required" not in str(Report())

    def test_a_form_draws_all_its_fields_and_hides_the_hidden(self):
        html = str(Report())
        assert html.count('class="govuk-form-group"') == 4
        assert 'type="hidden"' in html


class Choosing(PortalForm):
    """A list with a group, a choice that is made, and one that can't be."""

    body = forms.ChoiceField(
        label="Which body?",
        choices=[("", "Everywhere"), ("1", "Vård & omsorg"), ("Schools", [("2", "Nordskolan"), ("3", "Sydskolan")])],
    )


def test_a_list_of_choices_is_drawn_as_django_draws_it():
    field = Choosing({"body": "3"})["body"]
    field.field.widget.attrs["class"] = "govuk-select"
    ours = str(field)
    assert 'value="3" selected' in ours
    assert "Vård &amp; omsorg" in ours
    field.form.renderer = DjangoTemplates()
    assert ours.split() == str(field).split()


class TestLongSelect:
    CHOICES = ((None, "Unknown"), (1, "Förskolan <Äpplet>"), ("a&b", 'The "second"'))

    @pytest.mark.parametrize("chosen", ["", 1, "1", "a&b", None, "nothing of these"])
    def test_draws_what_django_draws(self, chosen):
        ours, theirs = (widget(choices=self.CHOICES).render("where", chosen, {"id": "id_where", "class": "x"})
                        for widget in (LongSelect, forms.Select))  # fmt: skip
        assertHTMLEqual(ours, theirs)

    def test_the_chosen_one_alone_is_marked(self):
        drawn = LongSelect(choices=self.CHOICES).render("where", "a&b")
        assert drawn.count(" selected") == 1
        assert '<option value="a&amp;b" selected>The &quot;second&quot;</option>' in drawn

    def test_choices_are_in_the_reader_s_language(self):
        field = forms.ChoiceField(choices=[("x", gettext_lazy("Yes"))], widget=LongSelect)
        assert ">Yes<" in field.widget.render("where", "x")
        with translation.override("sv"):
            assert ">Ja<" in field.widget.render("where", "x")
