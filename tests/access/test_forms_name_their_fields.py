"""A form made of a model names the fields it fills, none of them protected; nothing sent is passed on as it came."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("organisation", "policies", "incidents", "risks", "actionplans", "followup", "notifications", "safety_portal")
FACTORIES = {"modelform_factory", "modelformset_factory", "inlineformset_factory"}
# No person's to say, whatever the form: who, whose, when, how far.
PROTECTED = {
    "id", "pk", "public_id", "municipality", "municipality_id", "key", "from_document", "state", "status", "number",
    "created_by", "created_at", "decided_by", "given_by", "ended_by", "recorded_by", "reported_at", "by",
    "is_staff", "is_superuser", "is_active", "groups", "user_permissions", "password", "left_at", "content_hash",
}  # fmt: skip


def faults_in(source: str) -> list[str]:
    """Return what is wrong with the model forms of a module, and where a model is filled from a request as it came."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and node.name == "Meta" and "model" in _assigned(node):
            found += _faults_of(_assigned(node))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in FACTORIES:
            found.append("a form made of a model names no fields here")
        if isinstance(node, ast.keyword) and node.arg is None and re.search(r"\bPOST\b", ast.unparse(node.value)):
            found.append(f"{ast.unparse(node.value)} is passed on as it came")
    return found


def _assigned(node: ast.ClassDef) -> dict[str, ast.expr]:
    return {
        target.id: line.value
        for line in node.body
        if isinstance(line, ast.Assign)
        for target in line.targets
        if isinstance(target, ast.Name)
    }


def _faults_of(meta: dict[str, ast.expr]) -> list[str]:
    if "fields" not in meta:
        return ["a form's Meta names no fields"]
    fields = meta["fields"]
    if not isinstance(fields, ast.Tuple) or not all(isinstance(name, ast.Constant) for name in fields.elts):
        return ["fields is no tuple of names"]
    return [f"{name} is protected" for name in PROTECTED & {str(ast.literal_eval(name)) for name in fields.elts}]


def test_forms_name_their_fields():
    files = [file for app in APPS for file in sorted((ROOT / app).rglob("*.py"))]
    assert len(files) > 300
    assert not {str(file): found for file in files if (found := faults_in(file.read_text()))}


FORM = """
class PersonForm(PortalModelForm):
    class Meta:
        model = User
        {line}
"""


def test_control_a_form_of_named_harmless_fields_is_accepted():
    assert not faults_in(FORM.format(line="fields = ('name', 'email')"))


@pytest.mark.parametrize(
    "source",
    [
        FORM.format(line="fields = '__all__'"),
        FORM.format(line="fields = ALL"),
        FORM.format(line="exclude = ('password',)"),
        FORM.format(line="fields = ('name', 'is_staff')"),
        FORM.format(line="fields = ('name', 'municipality')"),
        "Form = modelform_factory(User, fields='__all__')",
        "User.objects.create(**request.POST.dict())",
        "change_person(person=person, **{name: request.POST[name] for name in request.POST})",
    ],
)
def test_control_a_form_that_takes_everything_is_seen(source):
    assert faults_in(source)
