"""What every test may use; each plugin tells its own part."""

pytest_plugins = [
    "tests.services.environment",
    "tests.services.selection",
    "tests.services.worker",
    "tests.services.browser",
    "tests.services.providers",
    "tests.services.scanner",
    "tests.access.cells",
]
