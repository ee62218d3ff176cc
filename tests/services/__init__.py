"""Real servers, a real worker and a real browser for the tests, all private to one run."""
