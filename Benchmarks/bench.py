#!/usr/bin/env python3
"""Measures notafter beside its floors, the minimum cost of the same work on this machine. Called by run.sh.

notafter and the floor run alternately (A B A B ...), so that other load affects both. The first run of each does not count.
The output has the medians of the others, the ratio of the medians, and the growth of notafter's CPU time from one size to the
next. On a busy machine use the CPU time. The peak is the largest resident set of any run; for daemons, the resident set when
idle. Each workload is followed by its targets for the larger size, met or not.
"""

import argparse
import json
import pathlib
import statistics
import sys
import tempfile

from measuring import Bench, Cost, Pair, Workload
from workloads import EVERY_TIME, WORKLOADS

COLUMNS = "{:<18} {:>7} {:>9} {:>9} {:>9} {:>8}   {:>9} {:>9} {:>8} {:>8} {:>7}   {}"
HEADINGS = (
    "", "size", "wall s", "CPU s", "peak MiB", "MiB out", "wall s", "CPU s", "x wall", "x CPU", "growth", "floor")
# The figures that a target can limit: their text, and whether more is better.
FIGURES = {
    "cpu_ratio": ("CPU to the floor's", False),
    "wall_ratio": ("wall time to the floor's", False),
    "cpu_s": ("CPU seconds", False),
    "wall_s": ("wall seconds", False),
    "wall_ms": ("wall milliseconds", False),
    "peak_mib": ("MiB resident", False),
    "written_mib": ("MiB written", False),
    "growth": ("growth of CPU between the sizes", False),
    "rate": ("a second", True),
}


def summary_of(costs: list[Cost]) -> dict:
    return {
        "wall_seconds": round(statistics.median(cost.wall for cost in costs), 4),
        "cpu_seconds": round(statistics.median(cost.cpu for cost in costs), 4),
        "peak_mib": round(max(cost.peak_mib for cost in costs), 1),
        "written_mib": round(statistics.median(cost.written_mib for cost in costs), 1),
    }


def measure(pair: Pair, runs: int) -> dict:
    """Runs both sides alternately and summarises them."""
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
    return {"floor_is": pair.floor_is, "runs": runs, "ours": ours, "floor": floor, "ratio": ratio}


def judge(workload: Workload, sizes: list[dict]) -> list[dict]:
    """The targets, with the measured values at the larger size."""
    last = sizes[-1]
    ours = last["ours"]
    figures = {
        "cpu_ratio": last["ratio"]["cpu"], "wall_ratio": last["ratio"]["wall"], "cpu_s": ours["cpu_seconds"],
        "wall_s": ours["wall_seconds"], "wall_ms": round(1_000 * ours["wall_seconds"], 1),
        "peak_mib": ours["peak_mib"], "written_mib": ours["written_mib"], "growth": last.get("growth"),
        "rate": round(last["size"] / max(ours["wall_seconds"], 1e-4)),
    }
    judged = []
    for target in workload.targets:
        value = figures[target.figure]
        if value is None:
            continue
        words, more_is_better = FIGURES[target.figure]
        is_met = value >= target.limit if more_is_better else value <= target.limit
        judged.append({"figure": words, "value": value, "target": target.limit, "met": is_met})
    return judged


def row(name: str, result: dict) -> str:
    ours, floor, ratio = result["ours"], result["floor"], result["ratio"]
    growth = result.get("growth")
    return COLUMNS.format(
        name, result["size"], f"{ours['wall_seconds']:.3f}", f"{ours['cpu_seconds']:.3f}", f"{ours['peak_mib']:.1f}",
        f"{ours['written_mib']:.1f}", f"{floor['wall_seconds']:.3f}", f"{floor['cpu_seconds']:.3f}",
        f"{ratio['wall']:.2f}", f"{ratio['cpu']:.2f}", "" if growth is None else f"{growth:.2f}", result["floor_is"])


def target_line(target: dict) -> str:
    verdict = "met    " if target["met"] else "NOT MET"
    return f"    {verdict}  {target['value']:g} {target['figure']}, to reach {target['target']:g}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notafter", type=pathlib.Path, required=True, help="the release build")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="where the floors are; corpora go there too")
    parser.add_argument("--size", type=int, action="append", help="instead of a workload's own; may be repeated")
    parser.add_argument("--runs", type=int, default=5, help="counted runs (default: %(default)s)")
    parser.add_argument("--only", choices=WORKLOADS, action="append", help="this one alone; may be repeated")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    options = parser.parse_args()

    results = {}
    if not options.json:
        print(f"{options.runs} runs: medians\n")
        print(COLUMNS.format(*HEADINGS))
    for name in options.only or EVERY_TIME:
        workload = WORKLOADS[name]
        sizes: list[dict] = []
        for size in options.size or workload.sizes:
            with tempfile.TemporaryDirectory(prefix="notafter-bench.") as directory:
                bench = Bench(
                    options.notafter.resolve(), options.build.resolve(), pathlib.Path(directory), size)
                with workload.make(bench) as pair:
                    result = {"size": size} | measure(pair, options.runs)
            if sizes:
                before = max(sizes[-1]["ours"]["cpu_seconds"], 1e-3)
                result["growth"] = round(result["ours"]["cpu_seconds"] / before, 2)
            sizes.append(result)
            if not options.json:
                print(row(name if len(sizes) == 1 else "", result), flush=True)
        # The targets apply to the standard sizes only.
        targets = [] if options.size else judge(workload, sizes)
        if not options.json:
            print("".join(target_line(target) + "\n" for target in targets), end="", flush=True)
        results[name] = {"unit": workload.unit, "sizes": sizes, "targets": targets}
    if options.json:
        json.dump(results, sys.stdout)
        print()


if __name__ == "__main__":
    main()
