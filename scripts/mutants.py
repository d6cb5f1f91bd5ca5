#!/usr/bin/env python3
"""Checks that the tests detect missing safeguards: each patch in Tests/Mutants removes one of the safeguards on which the promises
of outbox and probes depend. It is applied to a copy of the tree, and a test must fail.

    mutants.py [NAME…]     apply all patches or those named, build, test; print the failing test; fail if a mutant survives
    mutants.py --check     only check that each patch still applies
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATCHES = ROOT / "Tests" / "Mutants"
SNAPSHOT = ROOT / ".build" / "mutants" / "snapshot"
COPY = ROOT / ".build" / "mutants" / "tree"
BUILD = ROOT / ".build" / "mutants" / "build"
COPIED = ["Package.swift", "Package.resolved", "Sources", "Tests", "config", "docs"]
# The tests to run, the tests to skip, and a limit in seconds, since a mutant may never end: several times the usual time on
# two cores. The quick suites come first; the slow ones run only for mutants that the quick ones do not detect.
SUITES = [
    ("ExpiryRulesTests", "", 120),
    ("LedgerStorageTests", "", 240),
    ("KeptConnectionTests", "", 120),
    ("Silence of a server", "", 120),
    ("DeliveryTests|MonitorTests", "Torture|Simulation|Crash", 480),
    ("NetworkOutageTests", "", 120),
    ("Torture", "", 1800),
    ("Crash", "", 1800),
]
BUILD_SECONDS = 1800
FAILURE = re.compile(r'^✘ Test "(.*?)" (?:recorded an issue|failed)', re.MULTILINE)


def run(*command, patience=None, **options):
    """Runs a command. After `patience` seconds it is killed with all processes that it has started."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **options)
    try:
        output, errors = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


def mutants(names):
    found = sorted(PATCHES.glob("*.patch"))
    unknown = set(names) - {patch.stem for patch in found}
    if unknown or not found:
        sys.exit(f"mutants: there is no {', '.join(sorted(unknown)) or 'patch'} in {PATCHES}")
    return [patch for patch in found if not names or patch.stem in names]


def applies(patch):
    result = run("git", "apply", "--check", str(patch), cwd=ROOT)
    if result.returncode:
        print(f"{patch.relative_to(ROOT)}: does not apply any more; make it anew:\n{result.stderr}", end="")
    return result.returncode == 0


def take_snapshot():
    """Copies the tree when the run begins, so that later changes do not affect it."""
    shutil.rmtree(SNAPSHOT, ignore_errors=True)
    SNAPSHOT.mkdir(parents=True)
    for top in COPIED:
        source = ROOT / top
        # Package.resolved exists only after a first build.
        if not source.exists():
            continue
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, SNAPSHOT / top)


def refresh():
    """Makes the copy equal to the snapshot. Equal files keep their times, so that little is rebuilt."""
    COPY.mkdir(parents=True, exist_ok=True)
    wanted = {file.relative_to(SNAPSHOT) for file in SNAPSHOT.rglob("*") if file.is_file()}
    for file in sorted(COPY.rglob("*")):
        if file.is_file() and file.relative_to(COPY) not in wanted:
            file.unlink()
    for name in wanted:
        target = COPY / name
        content = (SNAPSHOT / name).read_bytes()
        if not target.is_file() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            target.chmod((SNAPSHOT / name).stat().st_mode)


def swift(*arguments, patience=BUILD_SECONDS):
    # Debug information would double the build time.
    options = ["--scratch-path", str(BUILD), "-debug-info-format", "none"]
    return run("swift", *arguments, *options, cwd=COPY, patience=patience)


def build():
    result = swift("build", "--build-tests")
    if result.returncode:
        sys.exit(f"mutants: it does not build:\n{result.stdout[-4000:]}{result.stderr[-2000:]}")


def caught_by(suite, left_out, patience):
    """The tests that fail. A test that crashes or hangs has failed as well."""
    skip = ["--skip", left_out] if left_out else []
    try:
        result = swift("test", "--skip-build", "--filter", suite, *skip, patience=patience)
    except subprocess.TimeoutExpired:
        return [f"{suite} does not end"]
    if result.returncode == 0:
        return []
    return sorted(set(FAILURE.findall(result.stdout))) or [f"{suite} ends with {result.returncode}"]


def survives(patch):
    refresh()
    applied = run("git", "apply", "--directory", str(COPY.relative_to(ROOT)), str(patch), cwd=ROOT)
    if applied.returncode:
        sys.exit(f"mutants: {patch.name} does not apply:\n{applied.stderr}")
    build()
    what = patch.read_text().splitlines()[0]
    for suite, left_out, patience in SUITES:
        tests = caught_by(suite, left_out, patience)
        if tests:
            print(f"caught    {patch.stem}: {what}\n" + "".join(f"            by {test}\n" for test in tests[:4]), end="")
            sys.stdout.flush()
            return False
    print(f"SURVIVED  {patch.stem}: {what}")
    return True


def main():
    arguments = sys.argv[1:]
    if arguments == ["--check"]:
        sys.exit(0 if all([applies(patch) for patch in mutants([])]) else 1)
    take_snapshot()
    survivors = [patch.stem for patch in mutants(arguments) if survives(patch)]
    refresh()
    if survivors:
        sys.exit(f"mutants: no test noticed {', '.join(survivors)}")


main()
