"""Deliveries: to a receiver that accepts them, to one that refuses them, and held by a silence."""

import contextlib
import sqlite3
import subprocess
from collections.abc import Iterator

from measuring import NOW, Bench, Cost, Pair, copy_database, remove_database, rfc3339

DAY = 86_400
# By then all certificates of the corpus have expired, except those without a well-defined expiration date.
LATE = NOW + 60 * 365 * DAY
# 60 days before the corpus's present: nearly all of its certificates expire within 900 days, and none has expired.
EARLY = NOW - 61 * DAY


@contextlib.contextmanager
def sink(bench: Bench, status: int = 200) -> Iterator[int]:
    """A receiver with a constant answer. Yields its port."""
    server = subprocess.Popen(
        [bench.build / "sink", str(status)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield int(server.stdout.readline())
    finally:
        server.stdin.close()
        server.wait()


def told(bench: Bench, port: int, receiver: str = "", thresholds: str = "900d") -> str:
    return f"""
defaults: {{thresholds: [{thresholds}]}}
certificates: [{{name: fleet, role: client, paths: [{bench.corpus()}]}}]
receivers: [{{name: sink, webhook: {{url: "http://127.0.0.1:{port}/"{receiver}}}}}]
route: {{receivers: [sink]}}
deliver_for: 0
"""


@contextlib.contextmanager
def deliveries(
    bench: Bench, at: int, receiver: str = "", batch: int = 1, status: int = 200, state: str = "delivered"
) -> Iterator[Pair]:
    """A pass in which every certificate of a known corpus has a notice."""
    ledger, before = bench.work / "ledger.db", bench.work / "before.db"
    with sink(bench, status) as port:
        configuration = bench.configuration(told(bench, port, receiver))
        bench.scan(configuration, before, NOW - 1_100 * DAY)

        def ours() -> Cost:
            copy_database(before, ledger)
            cost = bench.scan(configuration, ledger, at)
            with contextlib.closing(sqlite3.connect(ledger)) as connection:
                query = "SELECT count(*) FROM deliveries WHERE state = ?"
                (count,) = connection.execute(query, (state,)).fetchone()
            if count < 0.9 * bench.size:
                raise SystemExit(f"only {count} of {bench.size} notices are {state}")
            return cost

        def floor() -> Cost:
            return bench.floor("post_limit", bench.database(), port, bench.size, batch)

        yield Pair(ours, floor, f"commit, post, commit; {batch} at a time", is_long=True)


def webhooks(bench: Bench) -> contextlib.AbstractContextManager[Pair]:
    """One message for each notice."""
    return deliveries(bench, EARLY)


def webhooks_batch(bench: Bench) -> contextlib.AbstractContextManager[Pair]:
    """A hundred notices in each message."""
    return deliveries(bench, EARLY, receiver=", batch: 100", batch=100)


def storm(bench: Bench) -> contextlib.AbstractContextManager[Pair]:
    """Certificates that have all expired, a hundred in each message."""
    return deliveries(bench, LATE, receiver=", batch: 100", batch=100)


def refusals(bench: Bench) -> contextlib.AbstractContextManager[Pair]:
    """A receiver that refuses every message."""
    return deliveries(bench, EARLY, status=400, state="parked")


@contextlib.contextmanager
def silence(bench: Bench) -> Iterator[Pair]:
    """A pass in which a new silence matches open deliveries."""
    ledger, before = bench.work / "ledger.db", bench.work / "before.db"
    configuration = bench.configuration(told(bench, port=1))
    bench.scan(configuration, before, NOW - 1_100 * DAY)
    bench.scan(configuration, before, EARLY)
    bench.run(
        bench.notafter, "silence", "add", "registration=fleet", "--for", "3d", "--reason", "benchmark", "--by", "bench",
        "--config", configuration, "--ledger", before, "--at", rfc3339(EARLY + 60))

    def ours() -> Cost:
        copy_database(before, ledger)
        return bench.scan(configuration, ledger, EARLY + 120)

    yield Pair(ours, lambda: bench.commit(bench.size), "commit a row each")
