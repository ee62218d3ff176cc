"""PostgreSQL and Redis of one's own: a temporary folder, gone when the program ends.

Servers that already run on the machine are never looked at. Tests, the bench and the fault trials
use these; nothing in them is safe for data that should last.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from scripts.processes import Child, start
from scripts.steps import Stop


class Server:
    """Common to both: a temporary folder, a process, start, stop, kill and start again."""

    name = "server"
    user: str | None = None

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"portal-{self.name}-"))
        self._child: Child | None = None

    @property
    def child(self) -> Child:
        if self._child is None:
            raise RuntimeError(f"{self.name} has not been started")
        return self._child

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()

    def kill(self) -> None:
        """kill -9; what the server had written is there at the next ``start()``."""
        self.child.kill()

    def close(self) -> None:
        """Stop and remove every trace."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


class PrivatePostgres(Server):
    """A PostgreSQL cluster on a unix socket only.

    ``durable`` keeps fsync on, for fault trials. ``begin_with`` is a folder kept by ``keep()``: the
    cluster begins as a copy of it.
    """

    name = "postgres"

    def __init__(self, *, durable: bool = False, begin_with: Path | None = None) -> None:
        self.bin = postgres_bin()
        super().__init__()
        self.durable = durable
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user, self.user)
        if begin_with is None:
            self._begin_cluster()
        else:
            self._copy_cluster(begin_with)

    def _begin_cluster(self) -> None:
        # Swedish order of names (å, ä, ö last), as in docker-compose.yml.
        argv: list[str | Path] = [self.bin / "initdb", "--no-sync", "-U", "portal", "-A", "trust", "-E", "UTF8"]
        argv += ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=sv-SE"]
        subprocess.run(
            [*argv, "-D", self.folder / "data"],
            check=True,
            cwd=self.folder,
            user=self.user,
            group=self.user,
            extra_groups=[] if self.user else None,
            stdout=subprocess.DEVNULL,
        )

    def _copy_cluster(self, kept: Path) -> None:
        subprocess.run(["cp", "-r", kept, self.folder / "data"], check=True)
        # PostgreSQL refuses a folder that others may read, which a copied checkout may have become.
        (self.folder / "data").chmod(0o700)
        if self.user:
            subprocess.run(["chown", "-R", f"{self.user}:{self.user}", self.folder / "data"], check=True)

    def keep(self, folder: Path) -> None:
        """Shut down cleanly and copy the cluster's files to ``folder``, which appears all at once."""
        self.child.process.send_signal(signal.SIGINT)
        self.child.process.wait(60)
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = folder.with_name(f"{folder.name}.{os.getpid()}")
        subprocess.run(["cp", "-r", self.folder / "data", unfinished], check=True)
        try:
            unfinished.rename(folder)
        except OSError:
            # Another run was quicker; both are the same.
            shutil.rmtree(unfinished)

    def start(self) -> None:
        fast = [] if self.durable else ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
        options = ["listen_addresses=", f"unix_socket_directories={self.folder}", "max_connections=100", *fast]
        flags = [word for option in options for word in ("-c", option)]
        self._child = start(
            "PostgreSQL",
            [self.bin / "postgres", "-D", self.folder / "data", *flags],
            log=self.folder / "log.txt",
            cwd=self.folder,
            user=self.user,
            # Immediate shutdown: nothing here needs a checkpoint.
            stop_signal=signal.SIGQUIT,
        )
        self._child.wait_until(self.answers, seconds=30)

    def answers(self) -> bool:
        return subprocess.run([self.bin / "pg_isready", "-q", "-h", self.folder]).returncode == 0

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://portal@{quote(str(self.folder), safe='')}/{database}"

    def create(self, database: str) -> str:
        """Create an empty database and return its URL."""
        subprocess.run([self.bin / "createdb", "-h", self.folder, "-U", "portal", database], check=True)
        return self.url(database)


class PrivateRedis(Server):
    """A Redis on a free loopback port behind a password. ``durable`` writes every command to disk."""

    name = "redis"

    def __init__(self, *, durable: bool = False) -> None:
        self.binary = shutil.which("redis-server")
        if self.binary is None:
            raise Stop("redis-server is not installed: apt-get install redis-server")
        super().__init__()
        self.durable = durable
        self.password = secrets.token_hex(16)
        self.port = 0

    def start(self) -> None:
        self.port = self.port or free_port()
        configuration = self.folder / "redis.conf"
        # In a file, so that the password does not stand in the list of processes.
        configuration.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\ndir {self.folder}\n"
            'maxmemory-policy noeviction\ndatabases 64\nsave ""\n'
            f"appendonly {'yes' if self.durable else 'no'}\nappendfsync always\n"
        )
        self._child = start("Redis", [self.binary or "", configuration], log=self.folder / "log.txt")
        self._child.wait_until(self.answers, seconds=15)

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return b"+PONG" in connection.recv(100) or b"+PONG" in connection.recv(100)
        except OSError:
            return False

    def url(self, number: int = 0) -> str:
        """URL of the numbered database, 0 to 63."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{number}"


class PrivateScanner(Server):
    """A ClamAV daemon on a unix socket that knows the given signatures and no others; its mirror is never asked.

    ``signatures`` maps the name of a virus to bytes that are found anywhere in a file.
    """

    name = "clamd"

    def __init__(self, signatures: Mapping[str, bytes]) -> None:
        self.binary = clamd_program()
        if self.binary is None:
            raise Stop("clamd is not installed: apt-get install clamav-daemon")
        super().__init__()
        self.socket = self.folder / "socket"
        database = self.folder / "database"
        database.mkdir()
        lines = [f"{virus}:0:*:{content.hex()}\n" for virus, content in signatures.items()]
        (database / "own.ndb").write_text("".join(lines))
        self.configuration = self.folder / "clamd.conf"
        self.configuration.write_text(
            f"DatabaseDirectory {database}\nLocalSocket {self.socket}\nFixStaleSocket yes\nForeground yes\n"
            f"TemporaryDirectory {self.folder}\nBytecode no\nMaxThreads 2\n"
        )

    def start(self) -> None:
        argv: list[str | Path] = [self.binary or "", "--config-file", self.configuration]
        self._child = start("ClamAV", argv, log=self.folder / "log.txt")
        self._child.wait_until(self.answers, seconds=30)

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"zPING\0")
                return connection.recv(100) == b"PONG\0"
        except OSError:
            return False

    def url(self) -> str:
        return f"unix:{self.socket}"


def postgres_bin() -> Path:
    """Folder of the newest installed PostgreSQL's programs; Debian keeps them off the path."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    raise Stop("PostgreSQL is not installed: apt-get install postgresql")


def clamd_program() -> Path | None:
    """ClamAV's daemon; Debian keeps it off an ordinary user's path."""
    found = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    return Path(found) if found else None


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
