"""Components: what they draw, in each state, and what they refuse."""

import re
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from safety_portal import gallery


def draw(tags: str, language: str = "en", **context: Any) -> str:
    with translation.override(language):
        return Template("{% load portal %}" + tags).render(Context(context))


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


class TestLevel:
    def test_word_number_and_poles(self):
        assert draw('{% level 3 "High" number=12 %}').strip() == '<span class="tp-level tp-l3">12 High</span>'

    def test_not_assessed_is_said(self):
        assert text_of(draw("{% level None %}")) == "Not assessed"

    def test_before_and_after_are_told_apart_without_sight(self):
        told = text_of(draw("{% level_move before after %}", before=None, after={"severity": 1, "word": "Low"}))
        assert told == "Before measures: Not assessed → After measures: Low"


def test_a_misspelt_tone_is_an_error():
    with pytest.raises(ValueError, match="late"):
        draw('{% status "red" "Late" %}')


class TestMatrix:
    def test_a_cell_with_risks_is_a_link_that_says_what_it_holds(self):
        html = draw("{% risk_matrix matrix %}", matrix=gallery._matrix("both"))
        assert "Risks before measures: 5, after: 2" in text_of(html)
        assert html.count('<a class="tp-cell"') == 2 * 16

    def test_the_list_for_a_phone_begins_with_the_worst(self):
        html = draw("{% risk_matrix matrix %}", matrix=gallery._matrix("both"))
        assert text_of(html[html.index('<ul class="tp-mlist">') :]).startswith("25 Mycket hög")

    def test_one_side_alone(self):
        html = draw("{% risk_matrix matrix %}", matrix=gallery._matrix("after"))
        assert "→" not in text_of(html).replace("före → efter", "")
        assert html.count('<a class="tp-cell"') == 2 * 14

    def test_any_number_of_rows_and_columns(self):
        row = {"word": "Often", "cells": [{"number": n, "word": "Low", "severity": 1} for n in range(6)]}
        matrix = {"caption": "", "columns": list("abcdef"), "rows": [row] * 3}
        assert draw("{% mini_matrix matrix %}", matrix=matrix).count("<td class") == 18

    def test_a_row_of_another_length_is_an_error(self):
        with pytest.raises(ValueError, match="shorter"):
            draw("{% mini_matrix matrix %}", matrix={"columns": ["a", "b"], "rows": [{"word": "x", "cells": [{}]}]})


class TestTree:
    def test_headings_follow_the_depth_and_stop_at_six(self):
        node: dict[str, Any] = {"name": "Deepest"}
        for name in "fedcba":
            node = {"name": name, "children": [node]}
        html = draw("{% body_tree nodes %}", nodes=[node])
        assert re.findall(r"<h(\d)", html) == ["2", "3", "4", "5", "6", "6", "6"]

    def test_a_vacancy_says_its_age_and_who_answers(self):
        seat = {"title": "Ombud", "vacant": True, "days": 112, "answers": "Maja Exempelsson"}
        assert (
            text_of(draw("{% seat seat %}", seat=seat)) == "Vacant 112 days Ombud Answers meanwhile: Maja Exempelsson"
        )

    def test_a_vacancy_that_nobody_answers_for(self):
        assert "Nobody answers meanwhile." in draw("{% seat seat %}", seat={"title": "Ombud", "vacant": True})


class TestCharts:
    def charts(self, language: str = "sv") -> str:
        return draw('{% month_charts charts now="2026" before="2025" %}', language, charts=gallery._charts())

    def test_coordinates_keep_their_point_in_swedish(self):
        numbers = re.findall(r'<rect[^>]* y="([^"]*)"', self.charts())
        assert numbers
        assert not any("," in number for number in numbers)

    def test_title_and_description_are_direct_children(self):
        for drawing in re.findall(r"<svg.*?</svg>", self.charts(), re.S):
            assert re.match(r"<svg[^>]*>\s*<title>[^<]+</title>\s*<desc>[^<]+</desc>", drawing)

    def test_a_suppressed_month_has_no_bar_and_a_dash_in_the_table(self):
        html = draw('{% month_charts charts now="2026" before="2025" %}', charts=[{"finding": "x", "now": [None, 5]}])
        assert html.count('class="c-now"') == 1
        assert text_of(html).count("–") == 23

    def test_a_share_stays_within_its_bar(self):
        assert 'width="200.0"' in draw("{% bullet 140 %}")
        assert 'width="0.0"' in draw("{% bullet -3 %}")

    def test_few_cases_prove_nothing(self):
        assert "too few" in draw('{% effect_chart 5 4 label="x" %}')
        assert "too few" not in draw('{% effect_chart 8 3 label="x" %}')


class TestErrorSummary:
    def test_each_error_leads_to_the_first_control_of_its_field(self):
        form = gallery.GalleryForm({"kind": "threat", "happened_on_day": "3"})
        targets = re.findall(r'href="#([^"]*)"', draw("{% error_summary form %}", form=form))
        assert targets == [
            "id_likelihood_0",
            "id_told_0",
            "id_happened_on_day",
            "id_happened_at",
            "id_unit",
            "id_cost",
            "id_text",
            "id_attachment",
            "id_serious",
        ]

    def test_nothing_when_all_is_well_or_nothing_was_sent(self):
        assert not draw("{% error_summary form none %}", form=gallery.GalleryForm(), none=None).strip()


class TestProgress:
    def test_a_running_job_asks_again(self):
        html = draw("{% progress job %}", job=gallery._job(1, poll_url="/jobs/1/"))
        assert 'hx-get="/jobs/1/"' in html
        assert "1 of 3 parts are done." in html

    @pytest.mark.parametrize("state", [{"finished": True}, {"failed": "A chapter failed"}])
    def test_a_job_at_its_end_does_not(self, state):
        assert "hx-get" not in draw("{% progress job %}", job=gallery._job(1, poll_url="/jobs/1/", **state))

    def test_without_script_the_page_loads_again(self):
        assert "<noscript>" in draw("{% progress_refresh job %}", job=gallery._job(1))
        assert not draw("{% progress_refresh job %}", job=gallery._job(3, finished=True)).strip()


def test_what_people_write_is_escaped_everywhere():
    wrong = "<script>alert(1)</script>"
    html = draw(
        "{% notice text %}{% summary_list rows %}{% timeline rows %}{% figures rows %}{% status 'new' text %}"
        "{% table caption=text %}<tbody></tbody>{% endtable %}{% decision points %}{% enddecision %}",
        text=wrong,
        rows=[dict.fromkeys(("key", "value", "title", "when", "text", "label"), wrong)],
        points=[wrong],
    )
    assert "<script" not in html
