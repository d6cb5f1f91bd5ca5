#!/usr/bin/env python3
"""Measures notafter beside its floors: what the same work costs at the least on this machine. Called by run.sh.

Ours and the floor run in turn (A B A B ...), so that whatever else the machine does falls on both. After one run that
does not count come the counted ones; their medians are printed, and the ratio of the medians. On a busy machine trust
the CPU time. The peak is the largest resident set of any run.
"""

import argparse
import json
import pathlib
import statistics
import sys
import tempfile

from workloads import WORKLOADS, Bench, Cost, Pair

COLUMNS = "{:<12} {:>8} {:>8} {:>9}   {:>8} {:>8} {:>7} {:>7}   {}"
HEADINGS = ("", "wall s", "CPU s", "peak MiB", "wall s", "CPU s", "x wall", "x CPU", "floor")


def summary_of(costs: list[Cost]) -> dict:
    return {
        "wall_seconds": round(statistics.median(cost.wall for cost in costs), 4),
        "cpu_seconds": round(statistics.median(cost.cpu for cost in costs), 4),
        "peak_mib": round(max(cost.peak_mib for cost in costs), 1),
    }


def measure(name: str, pair: Pair, runs: int) -> dict:
    """Runs both sides in turn and sums them up."""
    if pair.is_long:
        runs = 1
        turns = [(pair.ours(), pair.floor())]
    else:
        turns = [(pair.ours(), pair.floor()) for _ in range(runs + 1)][1:]
    ours = summary_of([turn[0] for turn in turns])
    floor = summary_of([turn[1] for turn in turns])
    ratio = {
        figure: round(ours[f"{figure}_seconds"] / max(floor[f"{figure}_seconds"], 1e-4), 2)
        for figure in ("wall", "cpu")
    }
    return {"name": name, "floor_is": pair.floor_is, "runs": runs, "ours": ours, "floor": floor, "ratio": ratio}


def row(result: dict) -> str:
    ours, floor, ratio = result["ours"], result["floor"], result["ratio"]
    return COLUMNS.format(
        result["name"], f"{ours['wall_seconds']:.3f}", f"{ours['cpu_seconds']:.3f}", f"{ours['peak_mib']:.1f}",
        f"{floor['wall_seconds']:.3f}", f"{floor['cpu_seconds']:.3f}", f"{ratio['wall']:.2f}", f"{ratio['cpu']:.2f}",
        result["floor_is"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notafter", type=pathlib.Path, required=True, help="the release build")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="where the floors are; corpora go there too")
    parser.add_argument("--certificates", type=int, default=10_000, help="how many to scan (default: %(default)s)")
    parser.add_argument("--probes", type=int, default=1_000, help="how many to make (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="counted runs (default: %(default)s)")
    parser.add_argument("--only", choices=WORKLOADS, action="append", help="this one alone; may be repeated")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    options = parser.parse_args()

    results = []
    if not options.json:
        print(f"{options.certificates} certificates, {options.probes} probes, {options.runs} runs: medians\n")
        print(COLUMNS.format(*HEADINGS))
    for name in options.only or WORKLOADS:
        with tempfile.TemporaryDirectory(prefix="notafter-bench.") as directory:
            bench = Bench(
                options.notafter.resolve(), options.build.resolve(), pathlib.Path(directory), options.certificates,
                options.probes)
            with WORKLOADS[name](bench) as pair:
                results.append(measure(name, pair, options.runs))
        if not options.json:
            print(row(results[-1]), flush=True)
    if options.json:
        json.dump({"certificates": options.certificates, "probes": options.probes, "benchmarks": results}, sys.stdout)
        print()


if __name__ == "__main__":
    main()
