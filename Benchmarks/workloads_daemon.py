"""The program itself: its start-up time, and the daemon's memory."""

import contextlib
import pathlib
import re
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator

from measuring import NOW, Bench, Cost, Pair, fleet, remove_database
from workloads_delivery import sink, told
from workloads_probe import make_pki

PATIENCE_SECONDS = 1_800
IDLE_SECONDS = 3


@contextlib.contextmanager
def start(bench: Bench) -> Iterator[Pair]:
    """Checks one file."""
    make_pki(bench.work)
    command = (bench.notafter, "check", "-q", "-w", "1s", "-c", "1s", bench.work / "client.pem")
    yield Pair(lambda: bench.run(*command), lambda: bench.floor("floor", "stat", bench.work), "a C program")


def resident_mib(process: int) -> float:
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE).group(1)) / 1024


def daemon(bench: Bench, configuration: pathlib.Path, is_done: Callable[[sqlite3.Connection], bool]) -> Cost:
    """Runs the daemon until its ledger shows that all work is done and it has been idle for a while. The peak is measured then."""
    ledger = bench.work / "daemon.db"
    remove_database(ledger)
    begin = time.monotonic()
    process = subprocess.Popen(
        [bench.notafter, "run", "--config", configuration, "--state", ledger], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        while not has(ledger, is_done):
            if process.poll() is not None or time.monotonic() > begin + PATIENCE_SECONDS:
                raise SystemExit("the daemon did not get its work done")
            time.sleep(0.2)
        wall = time.monotonic() - begin
        time.sleep(IDLE_SECONDS)
        times = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        # utime and stime, in hundredths (proc_pid_stat(5)).
        return Cost(wall, (int(times[11]) + int(times[12])) / 100, resident_mib(process.pid))
    finally:
        process.terminate()
        process.wait()


def has(ledger: pathlib.Path, is_done: Callable[[sqlite3.Connection], bool]) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as connection:
            return is_done(connection)
    except sqlite3.OperationalError:
        return False  # There is no ledger yet, or no table in it.


def count(connection: sqlite3.Connection, rows: str) -> int:
    return connection.execute(f"SELECT count(*) FROM {rows}").fetchone()[0]


def daemon_of_one(bench: Bench) -> Cost:
    """Runs the daemon with one certificate."""
    make_pki(bench.work)
    configuration = bench.configuration(fleet(bench.work / "client.pem", thresholds="1s"))
    return daemon(bench, configuration, lambda connection: count(connection, "judgements") >= 1)


@contextlib.contextmanager
def idle(bench: Bench) -> Iterator[Pair]:
    """Runs the daemon until it is idle with all certificates verified. The receiver does not exist."""
    text = fleet(bench.corpus(), thresholds="1s")

    def ours() -> Cost:
        return daemon(
            bench, bench.configuration(text), lambda connection: count(connection, "judgements") >= bench.size)

    yield Pair(ours, lambda: daemon_of_one(bench), "the daemon with one certificate", is_long=True)


@contextlib.contextmanager
def messages(bench: Bench) -> Iterator[Pair]:
    """Runs the daemon until it is idle after the given number of messages."""
    with sink(bench) as port:
        text = told(bench, port, thresholds="9000d")

        def ours() -> Cost:
            return daemon(
                bench, bench.configuration(text),
                lambda connection: count(connection, "deliveries WHERE state = 'delivered'") >= 0.95 * bench.size)

        yield Pair(ours, lambda: daemon_of_one(bench), "the daemon with one certificate", is_long=True)
