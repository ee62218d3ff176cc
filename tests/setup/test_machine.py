"""Set-up installs what is missing, says what it would install, and does nothing twice."""

import json
from functools import partial
from pathlib import Path

import pytest

from scripts import machine
from scripts.steps import ROOT, Stop

MISSING = machine.Need(("libexample", "libexample-dev"), "an example", lambda: False)
PRESENT = machine.Need(("there",), "nothing", lambda: True)


def test_an_ordinary_user_gets_the_exact_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")

    with pytest.raises(Stop) as stop:
        machine.bring_packages([PRESENT, MISSING])
    assert str(stop.value).endswith("sudo apt-get install -y --no-install-recommends libexample libexample-dev")
    assert "libexample libexample-dev: an example" in str(stop.value)


def test_root_installs_what_is_missing_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(machine, "run", lambda argv, **_: commands.append(argv))

    machine.bring_packages([PRESENT, MISSING])
    assert [command[:2] for command in commands] == [["apt-get", "update"], ["apt-get", "install"]]
    assert commands[1][-2:] == ["libexample", "libexample-dev"]


def test_nothing_is_asked_of_apt_when_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "run", lambda argv, **_: pytest.fail(f"ran {argv}"))
    machine.bring_packages([PRESENT])


def test_work_is_done_once_for_the_same_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "STAMPS", tmp_path / "stamps.json")
    done: list[str] = []

    for value, made in (("a", True), ("a", True), ("b", True), ("b", False)):
        machine.once("thing", "Making the thing", value, made, partial(done.append, value))

    # Not again for the same input; again for a changed input, and when the result is gone.
    assert done == ["a", "b", "b"]
    assert json.loads(machine.STAMPS.read_text()) == {"thing": "b"}


def test_failed_work_leaves_no_stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "STAMPS", tmp_path / "stamps.json")

    def fail() -> None:
        raise Stop("failed")

    with pytest.raises(Stop):
        machine.once("thing", "Making the thing", "a", True, fail)
    assert machine.read_stamps() == {}


def test_the_test_providers_are_installed_in_a_folder_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[tuple[list[str], Path]] = []
    monkeypatch.setattr(machine, "STAMPS", tmp_path / "stamps.json")
    monkeypatch.setattr(machine, "node_version", lambda: 20)
    monkeypatch.setattr(machine, "run", lambda argv, *, cwd: commands.append((argv, cwd)))

    machine.bring_test_providers()
    machine.bring_test_providers()
    # Once for the same lock; without running what packages would like to run.
    assert [(argv[:2], cwd) for argv, cwd in commands] == [(["npm", "ci"], machine.TEST_PROVIDERS)]
    assert "--ignore-scripts" in commands[0][0]


@pytest.mark.parametrize(
    "lock", ["requirements.txt", "requirements-dev.txt", "package-lock.json", "tests/providers/package-lock.json"]
)
def test_no_lock_file_names_a_registry(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert '"resolved"' not in text
    assert not [line for line in text.splitlines() if "://" in line and "funding" not in line and '"url"' not in line]


def test_every_locked_package_has_hashes() -> None:
    for lock in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / lock).read_text().splitlines()
        for line, after in zip(lines, lines[1:], strict=False):
            if "==" in line:
                assert after.strip().startswith("--hash=sha256:"), line


def test_the_installer_is_pinned_by_the_lock_too() -> None:
    assert machine.locked("uv").startswith("uv==")
    assert "--hash=sha256:" in machine.locked("uv")
    assert not machine.locked("uv").rstrip().endswith("\\")
