"""For the data-protection officer: the record of processing, and what is held about one person."""
