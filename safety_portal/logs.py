"""Structured logs: one JSON object a line, from named fields only, never a person's data or a case's text."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

# The fields that a log line may carry beside its message; all else that is passed along is dropped.
ALLOWED = frozenset(
    {
        "topic",
        "message_id",
        "task",
        "error",
        "reason",
        "provider",
        "job_id",
        "report_id",
        "attempt",
        "status_code",
        "seconds",
        "municipality",
    }
)

# The innermost lines of a traceback that a log line carries.
PLACES = 8


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object with time, level, logger, message and the allowed fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name in ALLOWED}
        if record.exc_info:
            # The place, not the values: an exception's text may quote what a person wrote.
            line["exception"] = self._places(record)
        return json.dumps(line, ensure_ascii=False, default=str)

    def _places(self, record: logging.LogRecord) -> list[str]:
        kind, _error, trace = record.exc_info or (None, None, None)
        places = [kind.__name__ if kind else ""]
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return [places[0], *places[1:][-PLACES:]]
