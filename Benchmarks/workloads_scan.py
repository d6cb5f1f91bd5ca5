"""Files: check, scan, rescan, decisions and forecasts."""

import contextlib
import time
from collections.abc import Iterator

from measuring import NOW, Bench, Cost, Pair, copy_database, count_rows, fleet, remove_database, rfc3339
from workloads_probe import make_pki


@contextlib.contextmanager
def check(bench: Bench) -> Iterator[Pair]:
    """Every file is read and decoded, without a ledger."""
    corpus = bench.corpus()
    command = (bench.notafter, "check", "-q", "-w", "1s", "-c", "1s", "--at", rfc3339(NOW), corpus)
    yield Pair(
        lambda: bench.run(*command, statuses=(2,)), lambda: bench.floor("floor", "dersh", corpus),
        "read, decode, hash")


@contextlib.contextmanager
def scan_first(bench: Bench) -> Iterator[Pair]:
    """The first pass: every file is read, every certificate stored, and due stages are decided."""
    corpus, ledger = bench.corpus(), bench.work / "ledger.db"
    configuration = bench.configuration(fleet(corpus))

    def ours() -> Cost:
        remove_database(ledger)
        return bench.scan(configuration, ledger, NOW)

    yield Pair(ours, bench.store, "read, decode, hash; store the same facts", is_long=bench.size > 10_000)


@contextlib.contextmanager
def scan_issuer(bench: Bench) -> Iterator[Pair]:
    """The same with registered CAs, so that every signature is verified."""
    corpus, ledger = bench.corpus(), bench.work / "ledger.db"
    configuration = bench.configuration(f"""
certificates:
  - {{name: ca, role: ca, paths: [{corpus}/ca]}}
  - {{name: fleet, role: client, paths: ["{corpus}/tenant-*/**"], issuer: ca}}
receivers: [{{name: nobody, webhook: {{url: "http://127.0.0.1:1/"}}}}]
route: {{receivers: [nobody]}}
deliver_for: 0
""")

    def ours() -> Cost:
        remove_database(ledger)
        return bench.scan(configuration, ledger, NOW)

    yield Pair(ours, bench.store, "as scan-first", is_long=True)


@contextlib.contextmanager
def registrations(bench: Bench) -> Iterator[Pair]:
    """A pass over many registrations of one unchanged file."""
    make_pki(bench.work)
    ledger = bench.work / "ledger.db"
    entries = "".join(
        f"  - {{name: r{number}, role: client, paths: [{bench.work}/client.pem]}}\n" for number in range(bench.size))
    configuration = bench.configuration(f"""
certificates:
{entries}
receivers: [{{name: nobody, webhook: {{url: "http://127.0.0.1:1/"}}}}]
route: {{receivers: [nobody]}}
deliver_for: 0
""")
    now = int(time.time()) + 60
    bench.scan(configuration, ledger, now)
    yield Pair(lambda: bench.scan(configuration, ledger, now + 60), lambda: bench.commit(1), "one commit")


@contextlib.contextmanager
def rescan(bench: Bench) -> Iterator[Pair]:
    """A pass over unchanged files."""
    corpus, ledger = bench.corpus(), bench.work / "ledger.db"
    configuration = bench.configuration(fleet(corpus))
    bench.scan(configuration, ledger, NOW)
    yield Pair(
        lambda: bench.scan(configuration, ledger, NOW), lambda: bench.floor("floor", "stat", corpus),
        "statx of each")


@contextlib.contextmanager
def decide(bench: Bench) -> Iterator[Pair]:
    """A pass in which no file has changed, and every certificate with a usual lifetime crosses its threshold."""
    corpus, ledger, before = bench.corpus(), bench.work / "ledger.db", bench.work / "before.db"
    configuration = bench.configuration(fleet(corpus, thresholds="900d"))
    day = 86_400
    bench.scan(configuration, before, NOW - 1_100 * day)

    def ours() -> Cost:
        copy_database(before, ledger)
        cost = bench.scan(configuration, ledger, NOW - 61 * day)
        decided = count_rows(ledger, "notices")
        if decided < 0.9 * bench.size:
            raise SystemExit(f"only {decided} stages were decided")
        return cost

    yield Pair(ours, lambda: bench.commit(bench.size), "commit a row each")


@contextlib.contextmanager
def forecast(bench: Bench) -> Iterator[Pair]:
    """The notices of the next 90 days, which passes decide and send on a copy of the ledger."""
    corpus, ledger = bench.corpus(), bench.work / "ledger.db"
    configuration = bench.configuration(fleet(corpus))
    bench.scan(configuration, ledger, NOW)
    command = (
        bench.notafter, "forecast", "--json", "--config", configuration, "--state", ledger, "--at", rfc3339(NOW + 60))
    yield Pair(lambda: bench.run(*command), lambda: bench.commit(bench.size), "commit a row each", is_long=True)
