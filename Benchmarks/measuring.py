"""The parts of a measurement: the cost of a run, the paths, and the structure of workloads."""

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
# 2026-11-21T00:00:00Z: the present of the corpus, which the measured runs use too.
NOW = 1_795_219_200


@dataclasses.dataclass(frozen=True)
class Cost:
    """The cost of one run of a process."""

    wall: float
    cpu: float
    peak_mib: float
    # Written to disks, including journals.
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
    # A run that takes minutes is made once, without an uncounted first run.
    is_long: bool = False


@dataclasses.dataclass(frozen=True)
class Target:
    """The limit of a figure at the larger of the two sizes."""

    # A key of FIGURES in bench.py.
    figure: str
    limit: float


@dataclasses.dataclass(frozen=True)
class Workload:
    """A workload and the sizes at which it is measured."""

    make: Callable[["Bench"], contextlib.AbstractContextManager[Pair]]
    unit: str
    sizes: tuple[int, ...]
    targets: tuple[Target, ...] = ()


@dataclasses.dataclass(frozen=True)
class Bench:
    """The paths and the size of a benchmark, and functions that run commands."""

    notafter: pathlib.Path
    build: pathlib.Path
    work: pathlib.Path
    # The number of certificates, probes or registrations.
    size: int

    def run(self, *command: object, statuses: tuple[int, ...] = (0,)) -> Cost:
        """Runs a command and returns its cost. An unexpected exit status ends the benchmark."""
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
        """A directory of certificates, generated once for each size."""
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
        """Makes one pass. Open deliveries, to a missing or refusing receiver, are not a failure here."""
        return self.run(
            self.notafter, "scan", "--config", configuration, "--state", ledger, "--at", rfc3339(at),
            statuses=(0, 1, 2))

    def commit(self, rows: int) -> Cost:
        """The floor of decisions: the given number of rows in one durable commit."""
        return self.floor("sqlite_limit", self.database(), rows, rows)

    def store(self) -> Cost:
        """The floor of a first scan: read, decode and hash, and store the same facts with minimal keys."""
        decoding = self.floor("floor", "dersh", self.corpus())
        return decoding + self.floor("store_limit", self.database(), self.size, 16_384)

    def floor(self, program: str, *arguments: object) -> Cost:
        return self.run(self.build / program, *arguments)

    def database(self) -> pathlib.Path:
        """The path of a database that does not exist yet."""
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
    """A configuration that watches a corpus. Its receiver does not exist, so the gate closes after one attempt."""
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
