"""Container health check: ``python -m scripts.healthy livez`` or ``readyz``; exit code 0 is healthy."""

import http.client
import os
import sys

from scripts.steps import program


def main(arguments: list[str]) -> int:
    # The portal answers only to its own names, and behind its proxy only to what came by https.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        connection.request("GET", f"/{arguments[0]}", headers={"Host": host, "X-Forwarded-Proto": "https"})
        response = connection.getresponse()
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    print(response.status, response.read(200).decode(errors="replace").strip())
    return 0 if response.status == 200 else 1


if __name__ == "__main__":
    program(main)
