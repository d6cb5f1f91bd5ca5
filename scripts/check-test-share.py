#!/usr/bin/env python3
"""Fails if a target has fewer lines of tests for each line of source than it must have.

    scripts/check-test-share.py [--table]

Blank lines do not count. The tests of a target are those of `Tests/<target>Tests`, and those of BESIDES for it. A target
must have 0.6 lines of tests a line. A target of BEHIND has fewer and must not fall below what is written there: raise its
value when it gains tests, and remove its row at 0.6. `--table` prints all of them.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
WANTED = 0.6

# Test targets that exercise a target, besides its own.
BESIDES = {
    # The words of findings are tested in messages.
    "Certificates": ["MessagesTests"],
    # The bodies of messages are also tested with the services that take them.
    "Messages": ["DeliveryTests"],
    # Most decoding is by OpenSSL.
    "OpenSSLBinding": ["CertificateDecodingTests"],
    # The end-to-end tests run the built command.
    "notafter": ["EndToEndTests"],
}

BEHIND = {
    "AllocatorBinding": 0.0,
    "CertificateDecoding": 0.40,
    "Certificates": 0.20,
    "Configuration": 0.35,
    "CurlBinding": 0.22,
    "Discovery": 0.53,
    "EdgeLogs": 0.25,
    "FileReading": 0.0,
    "LedgerStorage": 0.38,
    "Metrics": 0.18,
    "Monitor": 0.41,
    "Scanning": 0.51,
    "SourceReading": 0.39,
    "StatusPages": 0.15,
    "TransportSecurity": 0.0,
}


def lines(directory):
    return sum(1 for file in directory.rglob("*.swift") for line in file.read_text().splitlines() if line.strip())


def share(target):
    source = lines(ROOT / "Sources" / target)
    tests = sum(lines(ROOT / "Tests" / name) for name in [f"{target}Tests", *BESIDES.get(target, [])])
    return tests / source


if __name__ == "__main__":
    targets = sorted(folder.name for folder in (ROOT / "Sources").iterdir() if any(folder.rglob("*.swift")))
    failures = [f"{name} is no target" for name in [*BESIDES, *BEHIND] if name not in targets]
    for target in targets:
        measured, wanted = share(target), BEHIND.get(target, WANTED)
        if "--table" in sys.argv:
            print(f"{target:22}{measured:6.2f}{wanted:6.2f}")
        if measured < wanted:
            failures.append(f"{target} has {measured:.2f} lines of tests a line of source; it must have {wanted:.2f}")
        if target in BEHIND and measured >= WANTED:
            failures.append(f"{target} has {measured:.2f}: remove it from BEHIND in scripts/check-test-share.py")
    for failure in failures:
        print(failure, file=sys.stderr)
    sys.exit(bool(failures))
