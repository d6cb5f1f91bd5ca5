#!/usr/bin/env python3
"""Checks what the compiler does not: that imports follow Package.swift's levels, that C stays in the bindings, that the
wall clock is read in one file, and that files stay small. Prints file:line: what, and fails if there is anything."""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SYSTEM_MODULES = {"Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Testing"}
MAXIMUM_LINES = 400

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?([A-Z]\w+)"
)
WALL_CLOCK = re.compile(
    r"\bDate\(\)|\bDate\.now\b|\bgettimeofday\(|CLOCK_REALTIME|(?<![\w.])(?:Glibc\.)?time\((?:nil|&)"
)


def targets():
    """The targets of the package: name, directory, modules it may import, and whether it is a C library."""
    dump = subprocess.run(
        ["swift", "package", "dump-package"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    for target in json.loads(dump)["targets"]:
        top = "Tests" if target["type"] == "test" else "Sources"
        directory = ROOT / (target.get("path") or f"{top}/{target['name']}")
        modules = set()
        for dependency in target["dependencies"]:
            modules.update(kind[0] for kind in dependency.values() if kind)
        yield target["name"], directory, modules, target["type"] == "system"


def code_lines(file):
    """The numbered lines of a file, without the comments that fill a line."""
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        if not line.lstrip().startswith("//"):
            yield number, line


def problems():
    everything = list(targets())
    c_modules = {name for name, _, _, is_c in everything if is_c}
    clock_readings = []
    for name, directory, modules, is_c in everything:
        if is_c:
            continue
        for file in sorted(directory.rglob("*.swift")):
            place = file.relative_to(ROOT)
            length = len(file.read_text().splitlines())
            if length > MAXIMUM_LINES:
                yield f"{place}:{MAXIMUM_LINES}: {length} lines; split what has more than {MAXIMUM_LINES}"
            for number, line in code_lines(file):
                match = IMPORT.match(line)
                module = match.group(1) if match else None
                if module in c_modules and not name.endswith("Binding"):
                    yield f"{place}:{number}: only bindings import C; {name} may use a binding of {module}"
                elif module and module not in modules | SYSTEM_MODULES:
                    yield f"{place}:{number}: {name} does not depend on {module} in Package.swift"
                if place.parts[0] == "Sources" and WALL_CLOCK.search(line):
                    clock_readings.append((place, number))
    if len({place for place, _ in clock_readings}) > 1:
        for place, number in clock_readings:
            yield f"{place}:{number}: reads the wall clock, which only one file may do"


found = list(problems())
for problem in found:
    print(problem)
sys.exit(1 if found else 0)
