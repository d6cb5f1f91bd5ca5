"""How something is measured: what a run costs, where things are, and what each workload is made of."""

import contextlib
import dataclasses
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable

SEED = 1
# 2026-11-21T00:00:00Z: what the corpus takes for the present, and so does whoever looks at it.
NOW = 1_795_219_200


@dataclasses.dataclass(frozen=True)
class Cost:
    """What one run of a process cost."""

    wall: float
    cpu: float
    peak_mib: float
    # To disks, journals included.
    written_mib: float = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.wall + other.wall, self.cpu + other.cpu, max(self.peak_mib, other.peak_mib),
            self.written_mib + other.written_mib)


@dataclasses.dataclass(frozen=True)
class Pair:
    """One workload on both sides; each call is one run."""

    ours: Callable[[], Cost]
    floor: Callable[[], Cost]
    floor_is: str
    # A run that takes minutes is made once, without a run before it that does not count.
    is_long: bool = False


@dataclasses.dataclass(frozen=True)
class Target:
    """What a figure is to reach, at the larger of the two sizes."""

    # A key of FIGURES in bench.py.
    figure: str
    limit: float


@dataclasses.dataclass(frozen=True)
class Workload:
    """What is measured at each of the sizes; of something that has one size, at that."""

    make: Callable[["Bench"], contextlib.AbstractContextManager[Pair]]
    unit: str
    sizes: tuple[int, ...]
    targets: tuple[Target, ...] = ()


@dataclasses.dataclass(frozen=True)
class Bench:
    """Where things are, how much there is to do, and how to run something."""

    notafter: pathlib.Path
    build: pathlib.Path
    work: pathlib.Path
    # How many certificates, probes or registrations there are.
    size: int

    def run(self, *command: object, statuses: tuple[int, ...] = (0,)) -> Cost:
        """Runs a command and returns its cost; another exit status than expected ends the benchmark."""
        words = [str(self.build / "measure"), *map(str, command)]
        result = subprocess.run(words, cwd=self.work, capture_output=True, text=True, check=True)
        *messages, last = result.stderr.splitlines()
        measured = dict(field.split("=") for field in last.split())
        if int(measured["status"]) not in statuses:
            raise SystemExit("\n".join([f"status {measured['status']}: {' '.join(words[1:])}", *messages[-20:]]))
        return Cost(
            float(measured["wall"]), float(measured["cpu"]), int(measured["peak_kib"]) / 1024,
            int(measured["written_kib"]) / 1024)

    def corpus(self) -> pathlib.Path:
        """A directory of certificates, made once for each size."""
        corpus = self.build / f"corpus-{self.size}"
        if not corpus.exists():
            unfinished = corpus.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            self.run(self.build / "gen", unfinished, self.size, SEED, NOW)
            unfinished.rename(corpus)
        return corpus

    def configuration(self, text: str) -> pathlib.Path:
        file = self.work / "notafter.yaml"
        file.write_text(text)
        return file

    def scan(self, configuration: pathlib.Path, ledger: pathlib.Path, at: int) -> Cost:
        """One pass. Deliveries that stay open, since nobody listens or all is refused, are no failure here."""
        return self.run(
            self.notafter, "scan", "--config", configuration, "--state", ledger, "--at", rfc3339(at),
            statuses=(0, 1, 2))

    def commit(self, rows: int) -> Cost:
        """The floor of what is decided: so many rows in one durable commit."""
        return self.floor("sqlite_limit", self.database(), rows, rows)

    def store(self) -> Cost:
        """The floor of a first scan: to read, decode and hash, and to store the same facts with the least of keys."""
        decoding = self.floor("floor", "dersh", self.corpus())
        return decoding + self.floor("store_limit", self.database(), self.size, 16_384)

    def floor(self, program: str, *arguments: object) -> Cost:
        return self.run(self.build / program, *arguments)

    def database(self) -> pathlib.Path:
        """A database that is not there yet."""
        database = self.work / "floor.db"
        remove_database(database)
        return database


def rfc3339(instant: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(instant))


def remove_database(database: pathlib.Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def copy_database(original: pathlib.Path, copy: pathlib.Path) -> None:
    remove_database(copy)
    with contextlib.closing(sqlite3.connect(original)) as source, contextlib.closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def count_rows(database: pathlib.Path, table: str) -> int:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def fleet(corpus: pathlib.Path, thresholds: str = "30d, 14d") -> str:
    """A configuration that watches a corpus. Its receiver's gate is shut after one attempt: there is none."""
    return f"""
defaults: {{thresholds: [{thresholds}]}}
certificates: [{{name: fleet, role: client, paths: [{corpus}]}}]
receivers: [{{name: nobody, webhook: {{url: "http://127.0.0.1:1/"}}}}]
route: {{receivers: [nobody]}}
deliver_for: 0
"""



def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def tool(name: str) -> str:
    search_path = os.environ["PATH"] + ":/usr/sbin:/sbin"  # Debian keeps servers where only root looks for commands.
    path = shutil.which(name, path=search_path)
    if path is None:
        raise SystemExit(f"{name} is missing")
    return path
