"""Measures the portal against its targets, as ratios taken in turn: ``make bench``, ``SCALE=0.01`` for a quick look.

``make bench ARGS="map vacant"`` measures only what is called so, and writes no file; ``EVENTS=0.01`` makes fewer
incidents, risks and measures than ``SCALE`` says. Where only cases are read, as by ``ARGS="'case inbox'"``, nothing
else is built.

Writes ``bench/results/<date>-<scale>.json``, a list of {workload, scale, ratio_median, ratio_p95, queries,
sql_bytes, target, met}, and prints the same as a table. F is a bare logged-in view in the same process, database
and base template.
"""

import json
import os
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.servers import PrivatePostgres  # noqa: E402 -- the path is set above
from scripts.steps import Stop  # noqa: E402


def say(text: str) -> None:
    """Tell how far it has come."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def main(words: list[str]) -> int:
    """Build the city, measure every workload, write and print the results; 1 when a target is missed.

    With ``words`` only the workloads and pages whose names hold one of them.
    """
    scale = float(os.environ.get("SCALE", "1"))
    events = float(os.environ.get("EVENTS") or scale)
    with PrivatePostgres() as postgres:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "safety_portal.settings",
            "DATABASE_URL": postgres.create("bench"),
            "VAR_DIR": str(postgres.folder / "var"),
            "SECRET_KEY": "bench",
            "DEBUG": "false",
            "HTTPS": "false",
            "ALLOWED_HOSTS": "testserver",
            "LOG_LEVEL": "ERROR",
        }
        results = measure_all(scale, events, words)
    if words:
        print_table(results)
        return 0 if all(result.met for result in results) else 1
    target = ROOT / "bench" / "results" / f"{date.today():%Y-%m-%d}-{scale:g}.json"
    target.parent.mkdir(exist_ok=True)
    text = json.dumps([result.as_json() for result in results], indent=2, ensure_ascii=False)
    target.write_text(f"{text}\n", encoding="utf-8")
    print_table(results)
    say(f"written to {target.relative_to(ROOT)}")
    return 0 if all(result.met for result in results) else 1


def measure_all(scale: float, events: float, words: list[str]) -> list:
    """Return the results of every workload, or of those that ``words`` name, in order."""
    import django
    from django.conf import settings

    # File names without a hash; and a copy of the files, so that a build meanwhile takes no style sheet away.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ROOT_URLCONF = "bench.urls"
    django.setup()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    from bench import importing, workloads, yearly
    from bench.building import analyse, build_city
    from followup.models import Edition

    say("migrating an empty database")
    call_command("migrate", verbosity=0)
    importing.keep_empty()
    chosen = list(workloads.named(words))
    cases_alone = all(workload in workloads.CASES_ALONE for _name, workload in chosen)
    say(f"building a city of scale {scale:g}, and a hundredth of it")
    city = build_city("storstad", scale, events, cases_alone=cases_alone)
    small = build_city("lillstad", scale / 100, events / 100, cases_alone=cases_alone)
    analyse()
    if not cases_alone:
        say("making its yearly report")
        yearly.make_report(city.municipality, Edition.PUBLIC)
    results = []
    for name, workload in chosen:
        say(name)
        results += workload(city, small)
    return results


def print_table(results: list) -> None:
    """Print one line per workload."""
    line = "{:<52} {:>8} {:>8} {:>8} {:>9}  {:<24} {}\n"
    sys.stdout.write(line.format("workload", "median", "p95", "queries", "sql bytes", "target", "met"))
    for one in results:
        sys.stdout.write(
            line.format(
                one.workload,
                f"{one.ratio_median:.2f}",
                f"{one.ratio_p95:.2f}",
                "–" if one.queries is None else one.queries,
                "–" if one.sql_bytes is None else one.sql_bytes,
                one.target,
                "yes" if one.met else "NO",
            )
        )


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except Stop as stop:
        say(str(stop))
        raise SystemExit(2) from stop
