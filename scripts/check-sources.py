#!/usr/bin/env python3
"""Checks what the compiler does not: that imports follow Package.swift's levels, that these levels are those of
docs/architecture.md, that C stays in the bindings, that the wall clock is read in one file, that files and functions stay
small, that no comment cites a page that is not in the repository, and that the ledger's SQL stays in its folders, each table
with one writer. Prints each problem as file:line: text, and fails if there is one."""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SYSTEM_MODULES = {"Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Testing"}
MAXIMUM_LINES = 400
MAXIMUM_FUNCTION_LINES = 50

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?([A-Z]\w+)"
)
WALL_CLOCK = re.compile(
    r"\bDate\(\)|\bDate\.now\b|\bgettimeofday\(|CLOCK_REALTIME|(?<![\w.])(?:Glibc\.)?time\((?:nil|&)"
)
FUNCTION = re.compile(r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:[a-z]+(?:\(\w+\))?\s+)*(?:func\s|init[?<(]|deinit\b)")
# A page that a comment cites: `docs/probes.md`, or a document by its bare name in capitals.
CITED_PAGE = re.compile(r"(?<![\w./-])((?:docs/)?[\w/-]+\.md)\b|\b(DESIGN|STYLE)\b")
COMMENT = re.compile(r"^.*?(?://|$)")
SCRIPT_FOLDERS = ("scripts", "Benchmarks", "demo", "Sources/CCurl", "Sources/COpenSSL", "Tests/CSpawn", "Tests/TestSupport")
SCRIPT_SUFFIXES = {".py", ".sh", ".c", ".h", ".go"}
NOT_CODE = re.compile(r'"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*[\s\S]*?\*/')
# The folders of LedgerStorage that may contain SQL. Only Tables may write, apart from the migrations in Schema.
LEDGER = ROOT / "Sources/LedgerStorage"
SQL_FOLDERS = {"SQL", "Engine", "Schema", "Tables", "Queries"}
STRING = re.compile(r'"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"')
SQL_STATEMENT = re.compile(r"\b(?:SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(?:TABLE|INDEX)\s|PRAGMA\s)")
SQL_WRITE = re.compile(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+)(?=\s*\(|\s+SET\b|\s+WHERE\b|\s*\Z)")
SQL_CALL = re.compile(r"\.(?:execute|forEachRow)\(|\.(?:all|one|exists|query|first)\(\s*\"")
DECLARED = re.compile(
    r"^(?:(?:package|public|final|indirect|nonisolated)\s+)*(?:struct|enum|class|protocol|actor|typealias)\s+(\w+)", re.MULTILINE
)
ACCESSOR = re.compile(r"^    (?:var|func)\s+(\w+)[^\n]*?(?::|->)\s*(\w+)\s*\{", re.MULTILINE)
LEVEL_ROW = re.compile(r"^\| (\d) \| ([^|]*) \|", re.MULTILINE)


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
    """The numbered lines of a file without full-line comments."""
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        if not line.lstrip().startswith("//"):
            yield number, line


def functions(text):
    """The first line and the length of each function, from its declaration to its closing brace."""
    # Blank strings and comments, so that their braces do not count and line numbers stay the same.
    code = NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text).splitlines()
    for start, line in enumerate(code):
        if not FUNCTION.match(line):
            continue
        depth, opened = 0, False
        for end in range(start, len(code)):
            for character in code[end]:
                if character == "{":
                    depth, opened = depth + 1, True
                elif character == "}":
                    depth -= 1
            if opened and depth <= 0:
                yield start + 1, end - start + 1
                break
            # A protocol requirement has no body: the next declaration or the protocol's end comes first.
            if depth < 0 or (not opened and end > start and FUNCTION.match(code[end])):
                break


def oversized(directory):
    """The files and functions of a directory that are too long."""
    for file in sorted(directory.rglob("*.swift")):
        place, text = file.relative_to(ROOT), file.read_text()
        length = len(text.splitlines())
        if length > MAXIMUM_LINES:
            yield f"{place}:{MAXIMUM_LINES}: {length} lines; split what has more than {MAXIMUM_LINES}"
        for number, lines in functions(text):
            if lines > MAXIMUM_FUNCTION_LINES:
                yield f"{place}:{number}: a function of {lines} lines; split what has more than {MAXIMUM_FUNCTION_LINES}"


def unknown_pages(files):
    """Pages that comments cite and the repository does not have. In scripts only names below docs/ count."""
    for file in files:
        is_script = file.suffix in SCRIPT_SUFFIXES
        for number, line in enumerate(file.read_text().splitlines(), start=1):
            text = line if is_script or line.lstrip().startswith("//") else COMMENT.sub("", STRING.sub("", line))
            for match in CITED_PAGE.finditer(text):
                page = match.group()
                if is_script and not page.startswith("docs/"):
                    continue
                if not any((ROOT / folder / page).exists() for folder in ("", "docs", "docs/decisions")):
                    yield f"{file.relative_to(ROOT)}:{number}: cites {page}, which is not in the repository"


def level_problems(everything):
    """Differences between docs/architecture.md and Package.swift, and dependencies that do not go to a lower level."""
    levels = {}
    for level, names in LEVEL_ROW.findall((ROOT / "docs/architecture.md").read_text()):
        levels.update((name, int(level)) for name in re.findall(r"`(\w+)`", names))
    sources = {name: modules for name, directory, modules, _ in everything if directory.parent == ROOT / "Sources"}
    for name in sorted(sources.keys() | levels.keys()):
        if name not in levels:
            yield f"docs/architecture.md:1: the table of levels lacks the target {name}"
        elif name not in sources:
            yield f"docs/architecture.md:1: the table of levels has {name}, which is no target of Package.swift"
    for name, modules in sources.items():
        for module in sorted(modules & levels.keys()):
            if name in levels and levels[module] >= levels[name]:
                yield f"Package.swift:1: {name} (level {levels[name]}) depends on {module} (level {levels[module]})"


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def ledger_sql_problems(files):
    """SQL outside its folders, writing statements outside Tables, and tables with a second writer."""
    writers = {}
    for file, folder, text in files:
        place = file.relative_to(ROOT)
        for match in STRING.finditer(text):
            number, statement = line_of(text, match.start()), match.group().strip('"')
            if folder not in SQL_FOLDERS and SQL_STATEMENT.search(statement):
                yield f"{place}:{number}: SQL belongs to Tables or Queries of LedgerStorage"
            if folder in {"SQL", "Engine", "Schema"}:
                continue
            for table in SQL_WRITE.findall(statement):
                owner = file.stem.partition("+")[0]
                if folder != "Tables":
                    yield f"{place}:{number}: writes {table}; only Tables do"
                elif writers.setdefault(table, owner) != owner:
                    yield f"{place}:{number}: writes {table}, whose owner is {writers[table]}"
        if folder not in SQL_FOLDERS:
            for match in SQL_CALL.finditer(text):
                yield f"{place}:{line_of(text, match.start())}: runs a statement; transactions ask Tables and Queries"


def folder_problems(files):
    """Circular dependencies between folders of LedgerStorage, and tables that call other tables."""
    homes, accessors = {}, {}
    for file, folder, text in files:
        homes.update((name, (folder, file)) for name in DECLARED.findall(text))
        for extension in re.findall(r"^extension SQLSession \{\n[\s\S]*?^\}", text, re.MULTILINE):
            accessors.update((name, kind) for name, kind in ACCESSOR.findall(extension))
    arrows = {}
    for file, folder, text in files:
        # Names in strings and comments are not references, except in interpolations.
        code = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
        code = STRING.sub(lambda match: " ".join(re.findall(r"\\\(([^()]*)", match.group())), code)
        names = set(re.findall(r"\b[A-Z]\w+\b", code))
        names |= {accessors[name] for name in re.findall(r"(?:session|\$0)\.(\w+)", code) if name in accessors}
        for name in names & homes.keys():
            home, declared_in = homes[name]
            if home != folder and folder and home:
                arrows.setdefault((folder, home), f"{file.relative_to(ROOT)} names {name}")
            owner, other = file.stem.partition("+")[0], declared_in.stem.partition("+")[0]
            if folder == home == "Tables" and owner != other and name.endswith("Table"):
                yield f"{file.relative_to(ROOT)}:1: {owner} calls {other}; a table never calls another"
    for (low, high), reason in sorted(arrows.items()):
        if low < high and reaches(arrows, high, low):
            yield f"Sources/LedgerStorage/{low}:1: depends on {high} in a circle: {reason}"


def reaches(arrows, start, goal):
    """Whether arrows lead from one folder to another."""
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for source, target in arrows:
            if source == here and target not in seen:
                seen.add(target)
                waiting.append(target)
    return goal in seen


def ledger_problems():
    files = []
    for file in sorted((ROOT / "Sources").rglob("*.swift")):
        inside = file.relative_to(LEDGER).parts if file.is_relative_to(LEDGER) else None
        folder = inside[0] if inside and len(inside) > 1 else ""
        text = file.read_text()
        if inside:
            files.append((file, folder, text))
        if "SQLText(stringLiteral" in text and file.name != "SQLText.swift":
            yield f"{file.relative_to(ROOT)}:1: statements are made of literals"
    yield from ledger_sql_problems(files)
    yield from folder_problems(files)


def problems():
    yield from ledger_problems()
    everything = list(targets())
    c_modules = {name for name, _, _, is_c in everything if is_c}
    clock_readings = []
    yield from level_problems(everything)
    scripts = (file for top in SCRIPT_FOLDERS for file in sorted((ROOT / top).rglob("*")))
    yield from unknown_pages(file for file in scripts if file.suffix in SCRIPT_SUFFIXES and file.name != "check-sources.py")
    for name, directory, modules, is_c in everything:
        if is_c:
            continue
        yield from oversized(directory)
        yield from unknown_pages(sorted(directory.rglob("*.swift")))
        for file in sorted(directory.rglob("*.swift")):
            place = file.relative_to(ROOT)
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
