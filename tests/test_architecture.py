"""The house keeps its own rules: floors, words, scoped views, true documents."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Lowest first: an app imports only from those before it.
FLOORS = ("notifications", "attachments", "organisation", "policies", "incidents", "risks", "actionplans", "followup")
DOMAIN = FLOORS[3:]
# What an app shows to the apps above it.
SHOWN = {
    "organisation": None,  # the ground floor is there for all
    "notifications": {"services", "mail", "models"},
    "attachments": {"services", "models"},
}
SHOWN_BY_DOMAIN_APPS = {
    "models",
    "permissions",
    "services",
    "querysets",
    "transitions",
    "content",
    "ranking",
    "answers",
    "figures",
    # The registry of what is held about a case, filled from above.
    "disposal",
}
VAGUE = re.compile(r"(^|_)(utils?|helpers?|managers?|data|misc|common)(_|$)")


def python_files(*folders: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *(folders or FLOORS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.split() if name.endswith(".py")]
    return [path for path in paths if path.exists() and "migrations" not in path.parts]


def imports(path: Path) -> list[tuple[str, str]]:
    """Pairs (module, imported name) of one file, function-level imports included."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [(node.module, alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
    return found


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_from_the_floors_below(path):
    app = path.relative_to(ROOT).parts[0]
    above = FLOORS[FLOORS.index(app) + 1 :]
    if path.name == "admin.py" and app == "notifications":
        above = ()  # the operator's admin is outermost
    upward = [module for module, _name in imports(path) if module.split(".")[0] in above]
    assert not upward, f"{path.relative_to(ROOT)} reaches up to {upward}"


@pytest.mark.parametrize("app", DOMAIN)
def test_from_another_domain_app_only_what_it_shows(app):
    hidden = []
    for path in python_files(app):
        if "management" in path.parts or "demo" in path.parts:
            continue
        for module, name in imports(path):
            top, _, rest = module.partition(".")
            if top in DOMAIN and top != app:
                room = rest.split(".")[0] or name
                if room not in SHOWN_BY_DOMAIN_APPS:
                    hidden.append(f"{path.relative_to(ROOT)}: {module}.{name}")
    assert not hidden


@pytest.mark.parametrize(
    ("library", "only"),
    [
        ("guardian", "organisation/access.py"),
        ("weasyprint", "safety_portal/pdf.py"),
        ("magic", "attachments/content.py"),
        ("PIL", "attachments/pictures.py"),
    ],
)
def test_a_library_with_one_door_is_imported_there_only(library, only):
    users = {
        str(path.relative_to(ROOT))
        for path in python_files(*FLOORS, "safety_portal")
        if any(module.split(".")[0] == library for module, _name in imports(path))
    }
    assert users == {only}


def test_names_say_the_fields_noun():
    vague = [path for path in python_files(*FLOORS, "safety_portal") if VAGUE.search(path.stem)]
    assert not vague


# Through a scope, by the municipality, or below a row that was itself fetched through a scope.
SCOPED = re.compile(
    r"visible_to\(|permitted\(|municipality=|\bin_force\(|=plan\b|=measure\.plan\b|OuterRef\(|\.none\(\)"
)


def unscoped_queries(source: str) -> list[str]:
    """Statements that begin a query and name neither a scope nor the municipality."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            text = ast.get_source_segment(source, node) or ""
            if ".objects." in text and not SCOPED.search(text):
                found.append(f"{node.lineno}: {text.splitlines()[0]}")
    return found


def test_views_make_no_unscoped_query():
    """In a view, rows come through ``visible_to``, ``permitted`` or a scope; words of the municipality by name."""
    views = [path for path in python_files() if path.stem == "views" or path.parent.name == "views"]
    open_doors = [f"{path.relative_to(ROOT)}:{found}" for path in views for found in unscoped_queries(path.read_text())]
    assert not open_doors


def test_control_an_unscoped_query_would_be_seen():
    assert unscoped_queries("def view(request):\n    return Risk.objects.all()\n")
    assert not unscoped_queries("def view(request):\n    return Risk.objects.visible_to(request.user)\n")


def test_only_the_database_module_asks_which_database_runs():
    askers = [
        str(path.relative_to(ROOT))
        for path in python_files(*FLOORS, "safety_portal")
        if re.search(r"\.vendor\b", path.read_text())
    ]
    assert askers == ["organisation/database.py"]


def test_no_file_of_this_house_leans_on_the_workplace():
    """A stranger has only the repository: no path of one machine, nothing outside the checkout."""
    strange = re.compile(r"\.\./shared|/work/|/home/\w")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    leaning = []
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".yaml", ".yml", ".toml", ".html", ".mjs", ".scss", ""} and path.is_file():
            if path == Path(__file__).resolve():
                continue
            if strange.search(path.read_text(errors="replace")):
                leaning.append(name)
    assert not leaning


class TestReadme:
    """README names only what exists."""

    text = (ROOT / "README.md").read_text() if (ROOT / "README.md").exists() else ""

    def test_its_paths_exist(self):
        links = re.findall(r"\]\((?!http|#)([^)#]+)", self.text)
        assert links
        assert not [link for link in links if not (ROOT / link).exists()]

    def test_its_make_targets_exist(self):
        makefile = (ROOT / "Makefile").read_text()
        targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
        named = set(re.findall(r"`make ([a-z-]+)", self.text))
        assert named
        assert named <= targets


class TestRequirements:
    """docs/requirements.md is the map of the mission: every rule, and where it is met."""

    path = ROOT / "docs" / "requirements.md"
    rows = dict(re.findall(r"^\| (R\d+) \|(.*)\|$", path.read_text(), re.MULTILINE)) if path.exists() else {}

    def test_every_rule_is_there_once(self):
        ids = re.findall(r"^\| (R\d+) \|", self.path.read_text(), re.MULTILINE)
        assert ids == [f"R{number}" for number in range(1, 212)]

    def test_a_named_test_exists_and_is_not_skipped(self):
        missing = []
        for rule, row in self.rows.items():
            for path, name in re.findall(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`", row):
                source = (ROOT / path).read_text() if (ROOT / path).exists() else ""
                if not source or (name and f"def {name}(" not in source and f"class {name}" not in source):
                    missing.append(f"{rule}: {path}::{name}")
                elif name and re.search(rf"mark\.skip\b[^\n]*\n(?:@[^\n]*\n)*def {name}\(", source):
                    missing.append(f"{rule}: {path}::{name} is skipped")
        assert not missing

    def test_a_rule_is_met_by_something_named_or_not_yet(self):
        empty = [rule for rule, row in self.rows.items() if "not yet" not in row and "`" not in row]
        assert not empty

    def test_the_count_in_its_introduction_is_that_of_its_rows(self):
        text = self.path.read_text()
        met = sum("not yet" not in row for row in self.rows.values())
        clauses = sum("| shown as a clause" in row and "not yet" in row for row in self.rows.values())
        told = re.search(r"(\d+) are met in full, (\d+) in part, and\s(\d+) only stand", text)
        assert told
        assert [int(number) for number in told.groups()] == [met, len(self.rows) - met - clauses, clauses]
