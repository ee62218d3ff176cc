"""Municipality files that are wrong: each mistake is told with its line, its key and what would be right."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yaml.composer import Composer

from organisation.municipality_file import FileError, MunicipalityFileError, Problem, parse
from organisation.municipality_file.checks.periods import loops
from organisation.municipality_file.yaml_nodes import LARGEST_FILE, NodeComposer

RIGHT = (Path(__file__).parents[1] / "data" / "exempelby.yaml").read_text(encoding="utf-8")
COUNCIL = "  - {key: fullmaktige, kind: council, name: Exempelby fullmäktige}\n"
BOARD = "  - {key: kommunstyrelsen, kind: board, name: Kommunstyrelsen, parent: fullmaktige}\n"
PLACE_COMMITTEE = "  - {key: platsnamnden, kind: committee, name: Platsnämnden, parent: fullmaktige}\n"
NEW_COMMITTEE = (
    "  - {key: valfardsnamnden, kind: committee, name: Välfärdsnämnden, parent: fullmaktige, from: 2025-01-01}\n"
)
GOAL = "  - key: farre_drunkningstillbud\n"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """What is said is compared in the language of the code."""
    with translation.override("en"):
        yield


def errors_in(text: str, folder: Path) -> list[FileError]:
    path = folder / "kommun.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MunicipalityFileError) as caught:
        parse(path)
    return caught.value.errors


def line_of(text: str, snippet: str) -> int:
    return text[: text.index(snippet)].count("\n") + 1


# what is replaced, by what, where the mistake is seen, its path, its kind, and a part of what is said about it
MISTAKES = {
    "unknown key": (
        "legal_name: Exempelby kommun", "legal_nmae: Exempelby kommun", "legal_nmae",
        "municipality.legal_nmae", Problem.UNKNOWN_KEY, "Did you mean “legal_name”?",
    ),
    "unknown section": (
        "reading_duties:", "reading_duty:", "reading_duty:", "reading_duty", Problem.UNKNOWN_KEY, "“reading_duties”?",
    ),
    "comma in an unquoted text": (
        "{key: vatten, name: Trygg vid vattnet}", "{key: vatten, name: Trygg, nästan jämt}", "nästan jämt",
        "areas[vatten].nästan jämt", Problem.UNKNOWN_KEY, "quotation marks",
    ),
    "key written twice": (
        "  name: Exempelby\n", "  name: Exempelby\n  name: Exempelstad\n", "name: Exempelstad",
        "municipality.name", Problem.DUPLICATE_KEY, "written twice",
    ),
    "missing key": (
        '  code: "0099"\n', "", "  key: exempelby", "municipality.code", Problem.MISSING_KEY, "“code” is missing",
    ),
    "empty key": (
        '  code: "0099"\n', "  code:\n", "  code:", "municipality.code", Problem.MISSING_KEY, "“code” is missing",
    ),
    "code of another form": (
        '"0099"', '"99"', 'code: "99"', "municipality.code", Problem.WRONG_VALUE, "Write it like this: 0586",
    ),
    "date in another form": (
        "last: 2022-09-11", "last: 20220911", "20220911", "municipality.election.last", Problem.WRONG_VALUE,
        "Write 2022-09-11.",
    ),
    "date that does not exist": (
        "last: 2022-09-11", "last: 2022-02-30", "2022-02-30", "municipality.election.last", Problem.WRONG_VALUE,
        "does not exist",
    ),
    "date in words": (
        "last: 2022-09-11", "last: i höstas", "i höstas", "municipality.election.last", Problem.WRONG_VALUE,
        "is not a date",
    ),
    "number in words": (
        "years: 3}", "years: tre}", "years: tre", "rulesets[1].review.years", Problem.WRONG_VALUE, "whole number",
    ),
    "number out of bounds": (
        "every_years: 4", "every_years: 40", "every_years", "municipality.election.every_years", Problem.WRONG_VALUE,
        "from 1 to 10",
    ),
    "yes for true": (
        "companies_in_scope: false", "companies_in_scope: no", "companies_in_scope",
        "rulesets[2].companies_in_scope", Problem.WRONG_VALUE, "Write true or false.",
    ),
    "text too long": (
        "name: Parkdrift", f"name: {'P' * 121}", "key: parkdrift", "bodies[parkdrift].name", Problem.WRONG_VALUE,
        "at most 120",
    ),
    "unknown word": (
        "kind: safety_unit", "kind: saftey_unit", "saftey_unit", "bodies[trygghetscell].kind", Problem.WRONG_VALUE,
        "Did you mean “safety_unit”?",
    ),
    "list for a single value": (
        "  name: Exempelby\n", "  name: [Exempelby]\n", "[Exempelby]", "municipality.name", Problem.WRONG_TYPE,
        "A single value",
    ),
    "keys for a list": (
        "laws:\n  - {key: leh", "laws:\n  leh: {key: leh", "  leh: {", "laws", Problem.WRONG_TYPE,
        "A list was expected",
    ),
    "text for an entry": (
        COUNCIL, COUNCIL + "  - Kommunfullmäktige\n", "- Kommunfullmäktige", "bodies[2]", Problem.WRONG_TYPE,
        "An entry with keys",
    ),
    "unknown parent": (
        "parent: sektor_plats}\n  - {key: trygg", "parent: sektor_plat}\n  - {key: trygg", "parent: sektor_plat}",
        "bodies[parkdrift].parent", Problem.UNKNOWN_REFERENCE, "Did you mean “sektor_plats”?",
    ),
    "unknown seat": (
        "falls_back_to: enhetsledare", "falls_back_to: enhetschef", "falls_back_to: enhetschef",
        "seat_types[trygghetsombud].falls_back_to", Problem.UNKNOWN_REFERENCE, "no “enhetschef”",
    ),
    "unknown document": (
        "parent: trygghetsplan", "parent: policy", "parent: policy", "documents[badregler].parent",
        Problem.UNKNOWN_REFERENCE, "no “policy”",
    ),
    "unknown area": (
        "area: vatten", "area: watten", "area: watten", "goals[farre_drunkningstillbud].area",
        Problem.UNKNOWN_REFERENCE, "Did you mean “vatten”?",
    ),
    "unknown dimension": (
        "{dimension: liv, text", "{dimension: lif, text", "dimension: lif",
        "scales[exempelskala].consequence[3].by_dimension[1].dimension", Problem.UNKNOWN_REFERENCE,
        "Did you mean “liv”?",
    ),
    "unknown actor": (
        "owner: trygghetscell", "owner: trygghetscellen", "owner: trygghetscellen", "documents[trygghetsplan].owner",
        Problem.UNKNOWN_REFERENCE, "Did you mean “trygghetscell”?",
    ),
    "two bodies with one key": (
        "key: tallkottens_skola", "key: granskogens_skola", "name: Granskogens", "bodies[granskogens_skola].key",
        Problem.DUPLICATE_ENTRY, "already the name",
    ),
    "end before beginning": (
        "    to: 2024-03-01\n", "    to: 2014-03-01\n", "to: 2014-03-01", "rulesets[1].to", Problem.DATES_REVERSED,
        "must be later",
    ),
    "rules that overlap": (
        "    to: 2024-03-01\n", "    to: 2024-03-02\n", "  - from: 2024-03-01\n    adopts", "rulesets[2].from",
        Problem.OVERLAP, "The rules overlap",
    ),
    "placements that overlap": (
        "{parent: valfardsnamnden, from: 2025-01-01}", "{parent: valfardsnamnden, from: 2024-06-01}",
        "from: 2024-06-01", "bodies[sektor_valfard].placements[2].from", Problem.OVERLAP, "one place at a time",
    ),
    "parent and placements": (
        "        name: Sektor välfärd\n", "        name: Sektor välfärd\n        parent: platsnamnden\n",
        "parent: platsnamnden", "bodies[sektor_valfard].parent", Problem.CONTRADICTION, "both",
    ),
    "two councils": (
        COUNCIL, COUNCIL + "  - {key: fullmaktige_2, kind: council, name: Två}\n", "fullmaktige_2",
        "bodies[fullmaktige_2].kind", Problem.OVERLAP, "“fullmaktige” is already",
    ),
    "committee under the board": (
        PLACE_COMMITTEE, PLACE_COMMITTEE.replace("parent: fullmaktige", "parent: kommunstyrelsen"),
        "key: platsnamnden", "bodies[platsnamnden].parent", Problem.WRONG_PARENT, "Place it under: council",
    ),
    "council under something": (
        COUNCIL, COUNCIL.replace("}", ", parent: kommunstyrelsen}"), "key: fullmaktige", "bodies[fullmaktige].parent",
        Problem.WRONG_PARENT, "stands under nothing",
    ),
    "body under nothing": (
        PLACE_COMMITTEE, PLACE_COMMITTEE.replace(", parent: fullmaktige", ""), "key: platsnamnden",
        "bodies[platsnamnden].parent", Problem.MISSING_KEY, "stands under nothing",
    ),
    "circle of bodies": (
        "name: Område lärande, parent: sektor_valfard", "name: Område lärande, parent: distrikt_norr",
        "key: omrade_larande", "bodies[omrade_larande].parent", Problem.LOOP,
        "omrade_larande → distrikt_norr → avdelning_grundskola → omrade_larande",
    ),
    "end without successor": (
        "    successor: valfardsnamnden\n", "", "  - key: barnnamnden", "bodies[barnnamnden].successor",
        Problem.MISSING_KEY, "without a successor",
    ),
    "successor that does not exist then": (
        NEW_COMMITTEE, NEW_COMMITTEE.replace("2025-01-01", "2025-02-01"), "successor: valfardsnamnden",
        "bodies[barnnamnden].successor", Problem.CONTRADICTION, "does not exist on 2025-01-01",
    ),
    "successor without end": (
        PLACE_COMMITTEE, PLACE_COMMITTEE.replace("}", ", successor: valfardsnamnden}"), "key: platsnamnden",
        "bodies[platsnamnden].successor", Problem.CONTRADICTION, "no end",
    ),
    "circle of successors": (
        NEW_COMMITTEE, NEW_COMMITTEE.replace("}", ", to: 2026-01-01, successor: barnnamnden}"),
        "successor: valfardsnamnden", "bodies[barnnamnden].successor", Problem.LOOP, "barnnamnden → valfardsnamnden",
    ),
    "fewer holders than the fewest": (
        "    max_holders: 5\n", "    max_holders: 1\n", "max_holders: 1\n", "seat_types[trygghetsombud].max_holders",
        Problem.CONTRADICTION, "“min_holders” is 2 and “max_holders” is 1",
    ),
    "seat and rules that disagree": (
        "    ombud_minimum: 2\n", "    ombud_minimum: 3\n", "min_holders: 2\n",
        "seat_types[trygghetsombud].min_holders", Problem.CONTRADICTION, "the rules say 3",
    ),
    "seat that sits nowhere": (
        "sits_at: [sektor_valfard, sektor_plats]", "sits_at: []", "sits_at: []",
        "seat_types[trygghetslots].sits_at", Problem.WRONG_VALUE, "sits nowhere",
    ),
    "seat that sits at a seat": (
        "sits_at: [sektor_valfard, sektor_plats]", "sits_at: [chef_for_sektor]", "sits_at: [chef",
        "seat_types[trygghetslots].sits_at", Problem.WRONG_VALUE, "“chef_for_sektor” is a seat",
    ),
    "seat named as a body": (
        "key: trygghetsombud", "key: parkdrift", "  - key: parkdrift", "seat_types[parkdrift].key",
        Problem.CONTRADICTION, "Choose another key",
    ),
    "body named as another kind": (
        "key: grannsamverkan, kind", "key: unit, kind", "key: unit, kind", "bodies[unit].key", Problem.CONTRADICTION,
        "another kind of body",
    ),
    "circle of fallbacks": (
        "sits_at: unit, appointed_by: chef_for_sektor}",
        "sits_at: unit, appointed_by: chef_for_sektor, falls_back_to: trygghetsombud}", "key: enhetsledare, title",
        "seat_types[enhetsledare].falls_back_to", Problem.LOOP, "enhetsledare → trygghetsombud → enhetsledare",
    ),
    "review without its number": (
        "{rule: every_n_years, years: 3}", "every_n_years", "review: every_n_years", "rulesets[1].review.years",
        Problem.MISSING_KEY, "needs “years”",
    ),
    "review with another rule's date": (
        "{rule: by_date, date: 2028-05-01}", "{rule: when_needed, date: 2028-05-01}", "rule: when_needed",
        "documents[badregler].review.date", Problem.CONTRADICTION, "choose the rule “by_date”",
    ),
    "two dimensions about people": (
        "name: Förtroende}", "name: Förtroende, persons: true}", "key: fortroende", "dimensions[fortroende].persons",
        Problem.OVERLAP, "“liv” is already",
    ),
    "a law twice": (
        "from: 2006-09-01}", 'from: 2006-09-01}\n  - {key: leh_2, sfs: "2006:544", title: Igen}', "leh_2",
        "laws[leh_2].sfs", Problem.DUPLICATE_ENTRY, "2006:544",
    ),
    "replaced law without end": (
        "from: 2006-09-01}", 'from: 2006-09-01, replaced_by: "2030:1"}', "replaced_by", "laws[leh].to",
        Problem.MISSING_KEY, "doesn't say when",
    ),
    "law that replaces itself": (
        "from: 2006-09-01}", 'from: 2006-09-01, replaced_by: "2006:544"}', "replaced_by", "laws[leh].replaced_by",
        Problem.LOOP, "replace itself",
    ),
    "row too many": (
        "    matrix:\n", "    matrix:\n      - [gul, gul, gul, rod, rod, rod]\n", "    matrix:",
        "scales[exempelskala].matrix", Problem.MATRIX, "Rows in the matrix: 4; levels of likelihood: 3.",
    ),
    "cell too few": (
        "[gron, gron, gul, gul, rod, rod]", "[gron, gron, gul, gul, rod]", "    matrix:",
        "scales[exempelskala].matrix", Problem.MATRIX, "Cells in row 2 of the matrix: 5; levels of consequence: 6.",
    ),
    "unknown band": (
        "[gron, gron, gul, gul, rod, rod]", "[gron, gron, gul, gul, rod, svart]", "    matrix:",
        "scales[exempelskala].matrix", Problem.MATRIX, "“svart”",
    ),
    "one level only": (
        "likelihood: [sällan, ibland, ofta]", "likelihood: [ofta]", "likelihood:", "scales[exempelskala].likelihood",
        Problem.MATRIX, "from 2 to 10",
    ),
    "a level twice": (
        "likelihood: [sällan, ibland, ofta]", "likelihood: [sällan, ofta, ofta]", "likelihood:",
        "scales[exempelskala].likelihood", Problem.DUPLICATE_ENTRY, "“ofta” is there twice",
    ),
    "two scales at once": (
        "scales:\n",
        "scales:\n  - {key: a, name: A, likelihood: [x, y], consequence: [x, y], "
        "bands: [{key: b, word: b, severity: 1}], matrix: [[b, b], [b, b]]}\n",
        "  - key: exempelskala", "scales[exempelskala].from", Problem.OVERLAP, "Two scales",
    ),
    "circle of documents": (
        "    owner: trygghetscell\n", "    parent: badregler\n", "parent: badregler", "documents[trygghetsplan].parent",
        Problem.LOOP, "trygghetsplan → badregler → trygghetsplan",
    ),
    "versions that overlap": (
        '      - {version: "1", from: 2024-05-01,', '      - {version: "0"}\n      - {version: "1", from: 2024-05-01,',
        '{version: "1"', "documents[badregler].versions[2].from", Problem.OVERLAP, "in force at the same time",
    ),
    "two clauses with one key": (
        "          - {key: lara,", "          - {key: lara, kind: goal, text: Mål}\n          - {key: lara,",
        "{key: lara, kind: duty", "documents[trygghetsplan].versions[1].clauses[lara].key", Problem.DUPLICATE_ENTRY,
        "already the name",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_line_its_key_and_what_would_be_right(mistake: Any, tmp_path: Path) -> None:
    right, wrong, seen, path, problem, said = mistake
    assert RIGHT.count(right) >= 1
    text = RIGHT.replace(right, wrong, 1)
    errors = errors_in(text, tmp_path)
    found = [error for error in errors if error.path == path and error.problem == problem]
    assert len(found) == 1, "\n".join(map(str, errors))
    assert found[0].line == line_of(text, seen), str(found[0])
    assert said in str(found[0])
    assert str(found[0]).startswith(f"kommun.yaml:{found[0].line}: {path}: ")


def test_a_matrix_that_is_upside_down_is_refused(tmp_path: Path) -> None:
    head, rows = RIGHT.split("    matrix:\n")
    lines = rows.splitlines(keepends=True)
    text = head + "    matrix:\n" + "".join([*reversed(lines[:3]), *lines[3:]])
    (error,) = errors_in(text, tmp_path)
    assert error.problem == Problem.MATRIX
    assert "highest likelihood as the first row" in error.fix


def test_a_file_without_a_board_is_refused(tmp_path: Path) -> None:
    text = RIGHT.replace(BOARD, BOARD.replace("kind: board", "kind: committee"))
    assert any(
        error.problem == Problem.MISSING_KEY and "“board”" in error.message for error in errors_in(text, tmp_path)
    )


def test_a_file_without_bodies_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kommun.yaml"
    text = 'municipality: {key: tom, name: Tom, code: "0097", election: {last: 2022-09-11}}\nbodies: []\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MunicipalityFileError) as caught:
        parse(path)
    assert [(error.problem, error.path) for error in caught.value.errors] == [(Problem.MISSING_KEY, "bodies")] * 2


def test_the_least_a_file_may_hold(tmp_path: Path) -> None:
    path = tmp_path / "kommun.yaml"
    bodies = COUNCIL + BOARD
    head = 'municipality: {key: tom, name: Tom, code: "0097", election: {last: 2022-09-11}}\n'
    path.write_text(f"{head}bodies:\n{bodies}", encoding="utf-8")
    file = parse(path)
    assert len(file.bodies) == 2
    assert (file.rulesets, file.areas, file.dimensions, file.warnings) == ((), (), (), ())


def test_all_mistakes_are_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = (
        RIGHT.replace('code: "0099"', "code: x")
        .replace("kind: safety_unit", "kind: x")
        .replace("area: vatten", "area: x")
    )
    errors = errors_in(text.replace("parent: trygghetsplan", "parent: badregler"), tmp_path)
    assert [error.path for error in errors] == [
        "municipality.code",
        "bodies[trygghetscell].kind",
        "goals[farre_drunkningstillbud].area",
        "documents[badregler].parent",
    ]
    assert [error.line for error in errors] == sorted(error.line for error in errors)


def test_a_mistake_in_a_group_is_told_once(tmp_path: Path) -> None:
    text = RIGHT.replace("      - parent: distrikt_norr\n", "      - parent: distrikt_norr\n        colour: red\n")
    (error,) = errors_in(text, tmp_path)
    assert (error.problem, error.line) == (Problem.UNKNOWN_KEY, line_of(text, "        colour: red"))


ODDITIES = {
    "a source on an addition": (GOAL, GOAL + "    source: [s. 4]\n", "source: [s. 4]", "cites s. 4"),
    "a band without cells": (
        "      - {key: rod,", "      - {key: bla, word: blå, severity: 3}\n      - {key: rod,", "key: bla", "No cell",
    ),
    "a matrix that falls": (
        "[gron, gron, gul, gul, rod, rod]", "[gron, gul, gron, gul, rod, rod]", "    matrix:", "milder band",
    ),
    "a seat at a kind that is missing": (
        "sits_at: department, max_holders: 1", "sits_at: [department, company], max_holders: 1", "sits_at: [department",
        "the seat is nowhere",
    ),
    "in force before it was decided": (
        "        from: 2024-03-01\n", "        from: 2024-01-01\n", "decision: {body: fullmaktige",
        "before it was decided",
    ),
    "persons ranked without a dimension": (
        "{key: liv, name: Liv, persons: true}", "{key: liv, name: Liv}", "persons_rank", "no dimension is about people",
    ),
    "a replacing law outside the file": (
        "from: 2006-09-01}", 'from: 2006-09-01, to: 2030-01-01, replaced_by: "2029:9"}', "replaced_by", "2029:9",
    ),
    "a review before the decision": (
        "        replaces: Trygg", "        reviews: [{date: 2020-01-01}]\n        replaces: Trygg", "reviews:",
        "older",
    ),
}  # fmt: skip


@pytest.mark.parametrize("oddity", ODDITIES.values(), ids=ODDITIES.keys())
def test_an_oddity_is_a_warning(oddity: Any, tmp_path: Path) -> None:
    right, odd, seen, said = oddity
    assert right in RIGHT
    path = tmp_path / "kommun.yaml"
    text = RIGHT.replace(right, odd, 1)
    path.write_text(text, encoding="utf-8")
    (warning,) = parse(path).warnings
    assert warning.line == line_of(text, seen)
    assert said in warning.message


def test_a_replaced_document_need_not_be_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "kommun.yaml"
    path.write_text(RIGHT, encoding="utf-8")
    (replaced,) = parse(path).documents[0].versions[0].replaces
    assert (replaced.text, replaced.document) == ("Trygghetsplan från 2015", None)


UNREADABLE = {
    "not YAML": ("a: [1, 2\nb: 3\n", Problem.NOT_YAML, 2),
    "a tab": ("a:\n\tb: 1\n", Problem.NOT_YAML, 2),
    "a list": ("- a\n- b\n", Problem.WRONG_TYPE, 1),
    "nothing": ("", Problem.WRONG_TYPE, 1),
    "two documents": ("a: 1\n---\nb: 2\n", Problem.NOT_YAML, 2),
    "an alias": ("a: &x [1]\nb: *x\n", Problem.FORBIDDEN_YAML, 1),
    "a tag": ("a: 1\nb: !!python/object/apply:os.system [echo]\n", Problem.FORBIDDEN_YAML, 2),
    "deep nesting": ("a:\n  b: " + "[" * 5000 + "]" * 5000, Problem.FORBIDDEN_YAML, 2),
    "a sign that is no text": ("a: \x07\n", Problem.NOT_YAML, 1),
}


@pytest.mark.parametrize(("text", "problem", "line"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_is_no_configuration_is_refused(text: str, problem: Problem, line: int, tmp_path: Path) -> None:
    (error,) = errors_in(text, tmp_path)
    assert (error.problem, error.line) == (problem, line)


BOMB = "a: &a [x, x]\n" + "".join(f"{name}: &{name} [*{last}, *{last}]\n" for last, name in pairwise("abcdefgh"))


def test_an_alias_bomb_is_refused_before_it_is_composed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [error.problem for error in errors_in(BOMB, tmp_path)] == [Problem.FORBIDDEN_YAML]
    assert len(str(yaml.safe_load(BOMB))) > 3 * len(BOMB)  # what it would grow to
    monkeypatch.setattr(NodeComposer, "compose_node", Composer.compose_node)  # the control: without the protection
    assert Problem.FORBIDDEN_YAML not in {error.problem for error in errors_in(BOMB, tmp_path)}


def test_without_its_guard_deep_nesting_would_exhaust_the_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kommun.yaml"
    path.write_text("a: " + "[" * 5000 + "]" * 5000, encoding="utf-8")
    monkeypatch.setattr(NodeComposer, "compose_node", Composer.compose_node)
    with pytest.raises(RecursionError):
        parse(path)


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    (error,) = errors_in("#" * (LARGEST_FILE + 1), tmp_path)
    assert error.problem == Problem.TOO_LARGE


def test_a_file_that_is_not_utf8_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "kommun.yaml"
    path.write_bytes("schema: 1\nname: Örebro\n".encode("latin-1"))
    with pytest.raises(MunicipalityFileError) as caught:
        parse(path)
    assert [(error.problem, error.line) for error in caught.value.errors] == [(Problem.UNREADABLE, 2)]


def test_a_file_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(MunicipalityFileError, match="can't be read"):
        parse(tmp_path / "saknas.yaml")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_but_never_breaks_the_reader(data: st.DataObject, tmp_path: Path) -> None:
    lines = RIGHT.splitlines()
    for _number in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        damage = data.draw(st.sampled_from(["drop", "double", "indent", "cut", "text"]))
        if damage == "drop":
            del lines[at]
        elif damage == "double":
            lines.insert(at, lines[at])
        elif damage == "indent":
            lines[at] = "  " + lines[at]
        elif damage == "cut":
            lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
        else:
            lines[at] += data.draw(st.text(max_size=6))
    path = tmp_path / "kommun.yaml"
    path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
    errors: list[FileError] = []
    try:
        parse(path)
    except MunicipalityFileError as refused:
        errors = refused.errors
    assert all(error.line >= 1 and str(error) for error in errors)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(likelihoods=st.integers(2, 10), consequences=st.integers(2, 10))
def test_a_scale_may_have_any_size(likelihoods: int, consequences: int, tmp_path: Path) -> None:
    severity = [[1 + 3 * (row * column) // (likelihoods * consequences) for column in range(1, consequences + 1)]
                for row in range(1, likelihoods + 1)]  # fmt: skip
    scale = {
        "key": "s",
        "name": "S",
        "likelihood": [f"l{number}" for number in range(likelihoods)],
        "consequence": [f"c{number}" for number in range(consequences)],
        "bands": [{"key": f"b{number}", "word": f"b{number}", "severity": number} for number in range(1, 5)],
        "matrix": [[f"b{cell}" for cell in row] for row in reversed(severity)],
    }
    head, rest = RIGHT.split("scales:\n")
    tail = rest[rest.index("\ndocuments:") :]
    path = tmp_path / "kommun.yaml"
    path.write_text(head + yaml.safe_dump({"scales": [scale]}) + tail, encoding="utf-8")
    read = parse(path).scales[0]
    for row in range(1, likelihoods + 1):
        for column in range(1, consequences + 1):
            assert read.band(row, column).severity == severity[row - 1][column - 1]


@given(st.dictionaries(st.sampled_from("abcdefg"), st.one_of(st.none(), st.sampled_from("abcdefg"))))
def test_a_circle_is_found_when_and_only_when_there_is_one(next_of: dict[str, str | None]) -> None:
    def comes_back(start: str) -> bool:
        name = next_of.get(start)
        for _step in next_of:
            if name == start:
                return True
            name = next_of.get(name) if name else None
        return False

    in_circles = {name for circle in loops(next_of) for name in circle}
    assert in_circles == {name for name in next_of if comes_back(name)}
