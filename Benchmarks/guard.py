#!/usr/bin/env python3
"""Counts the instructions of the debug build under valgrind, and fails if they have grown.

    guard.py --notafter PROGRAM --build DIRECTORY            compare with baseline.json
    guard.py --notafter PROGRAM --build DIRECTORY --update   write a new baseline.json

The tests have made the debug build, so that the guard costs no build of its own; `make bench` measures the release build.
Instruction counts do not depend on other load, and valgrind simulates the same processor on every machine. Each workload runs
at two sizes. It fails if a size takes more than a tenth more than the baseline, or if its cost, without that of the program's
start, grows faster than its size.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable

from measuring import NOW, Bench, fleet, rfc3339, tool

BASELINE = pathlib.Path(__file__).with_name("baseline.json")
SIZES = (60, 180)
TOLERANCE = 0.10
# Linear growth is 3, n log n is slightly more, and quadratic growth is 9.
MOST_GROWTH = 3.5
DAY = 86_400
# Hashing is the same in every run, and glibc uses one arena.
STABLE = {"SWIFT_DETERMINISTIC_HASHING": "1", "MALLOC_ARENA_MAX": "1", "LC_ALL": "C", "TZ": "UTC"}


def instructions(bench: Bench, *command: object, statuses: tuple[int, ...] = (0, 1, 2)) -> int:
    """The number of instructions of a command in user space."""
    words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *map(str, command)]
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(bench.work), "LD_PRELOAD": str(bench.build / "sigsuspend.so")
    } | STABLE
    result = subprocess.run(words, cwd=bench.work, env=environment, capture_output=True, text=True)
    counted = re.search(r"Collected : (\d+)", result.stderr)
    if result.returncode not in statuses or counted is None:
        raise SystemExit(f"status {result.returncode}: {' '.join(words)}\n{result.stderr[-2000:]}")
    return int(counted.group(1))


def scan(bench: Bench, configuration: pathlib.Path, at: int) -> tuple[object, ...]:
    ledger = bench.work / "ledger.db"
    return (bench.notafter, "scan", "-q", "--config", configuration, "--state", ledger, "--at", rfc3339(at))


def check(bench: Bench) -> int:
    command = ("check", "-q", "-w", "1s", "-c", "1s", "--at", rfc3339(NOW), bench.corpus())
    return instructions(bench, bench.notafter, *command)


def scan_first(bench: Bench) -> int:
    configuration = bench.configuration(fleet(bench.corpus(), thresholds="1s"))
    return instructions(bench, *scan(bench, configuration, NOW))


def rescan(bench: Bench) -> int:
    configuration = bench.configuration(fleet(bench.corpus(), thresholds="1s"))
    bench.run(*scan(bench, configuration, NOW), statuses=(0, 1, 2))
    return instructions(bench, *scan(bench, configuration, NOW + 60))


def decide(bench: Bench) -> int:
    configuration = bench.configuration(fleet(bench.corpus(), thresholds="900d"))
    bench.run(*scan(bench, configuration, NOW - 1_100 * DAY), statuses=(0, 1, 2))
    return instructions(bench, *scan(bench, configuration, NOW - 61 * DAY))


def start(bench: Bench) -> int:
    """Checks one file, whatever the size of the corpus."""
    file = sorted((bench.corpus() / "ca").iterdir())[0]
    return instructions(bench, bench.notafter, "check", "-q", "--at", rfc3339(NOW), file)


WORKLOADS: dict[str, Callable[[Bench], int]] = {
    "start": start,
    "check": check,
    "scan-first": scan_first,
    "rescan": rescan,
    "decide": decide,
}


def measured(name: str, size: int, options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="notafter-guard.") as directory:
        bench = Bench(options.notafter.resolve(), options.build.resolve(), pathlib.Path(directory), size)
        return WORKLOADS[name](bench)


def measure(options: argparse.Namespace) -> dict[str, dict[str, int]]:
    """Millions of instructions of each workload, by size."""
    for size in SIZES:  # Before several ask for it at once.
        Bench(options.notafter.resolve(), options.build.resolve(), options.build.resolve(), size).corpus()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {
            name: {
                str(size): pool.submit(measured, name, size, options)
                for size in (SIZES if name != "start" else SIZES[:1])
            }
            for name in WORKLOADS
        }
        return {name: {size: run.result() for size, run in sizes.items()} for name, sizes in runs.items()}


def growth(figures: dict[str, dict[str, int]], name: str) -> float:
    """How the cost of a workload, without that of the program's start, grows between the sizes."""
    (base,) = figures["start"].values()
    small, large = (figures[name][str(size)] - base for size in SIZES)
    return large / max(small, 1)


def judge(figures: dict[str, dict[str, int]], baseline: dict[str, dict[str, int]]) -> list[str]:
    """Prints each figure beside its baseline and returns the failures."""
    failures = []
    for name, sizes in figures.items():
        for size, count in sizes.items():
            before = baseline[name][size]
            change = count / before - 1
            print(f"{name:<12} {size:>4}  {count / 1e6:>9.1f} M instructions  {change:+7.1%}")
            if change > TOLERANCE:
                failures.append(f"{name} of {size} takes {change:.0%} more instructions than the baseline")
            if change < -TOLERANCE:
                print(f"{'':18} it has become cheaper: Benchmarks/run.sh guard --update keeps it so")
        if len(sizes) > 1:
            times = growth(figures, name)
            print(f"{'':18} grows {times:.2f} times from {SIZES[0]} to {SIZES[1]}")
            if times > MOST_GROWTH:
                failures.append(f"{name} grows {times:.2f} times from {SIZES[0]} to {SIZES[1]}, and may {MOST_GROWTH}")
    return failures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notafter", type=pathlib.Path, required=True, help="the debug build")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="where the floors are; corpora go there too")
    parser.add_argument("--update", action="store_true", help="write the baseline instead of comparing with it")
    options = parser.parse_args()
    # Debian 12's valgrind cannot read Swift's debug information.
    stripped = options.build.resolve() / "notafter-stripped"
    subprocess.run([tool("strip"), "--strip-all", "-o", stripped, options.notafter], check=True)
    options.notafter = stripped
    figures = measure(options)
    if options.update:
        BASELINE.write_text(json.dumps(figures, indent=2) + "\n")
        return
    failures = judge(figures, json.loads(BASELINE.read_text()))
    for failure in failures:
        print(f"bench-guard: {failure}", file=sys.stderr)
    if failures:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
