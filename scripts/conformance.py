#!/usr/bin/env python3
"""Runs the built command on public suites beside the checkout and prints the figures.

usage: conformance.py NOTAFTER SHARED

SHARED contains suites/pkits (NIST's Public Key Interoperability Test Suite) and cases (inputs with expected results). Missing
ones are reported and skipped. Exits with 1 if a bad certificate is accepted outside PKITS' policy sections, or if a case fails.
"""

import base64
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import conformance_cases

# Sections 4.8 to 4.12 are about certificate policies, which notafter does not check (docs/verify.md).
POLICY_SECTIONS = range(8, 13)
PKITS_TIME = "2011-04-15T00:00:00Z"


def pem(label, der):
    text = base64.encodebytes(der).decode()
    return f"-----BEGIN {label}-----\n{text}-----END {label}-----\n"


class PKITS:
    def __init__(self, notafter, directory):
        self.notafter = notafter
        self.directory = directory

    def certificate(self, name):
        return pem("CERTIFICATE", (self.directory / "certs" / f"{name}.crt").read_bytes())

    def verdict(self, case, scratch):
        """The exit status and the report of one case."""
        chain, anchor = scratch / "chain.pem", scratch / "anchor.pem"
        chain.write_text("".join(self.certificate(name) for name in reversed(case["path"])))
        anchor.write_text(self.certificate(case["anchor"]))
        lists = []
        for index, name in enumerate(case["crls"]):
            path = scratch / f"{index}.crl"
            path.write_bytes((self.directory / "crls" / f"{name}.crl").read_bytes())
            lists += ["--crl", str(path)]
        result = subprocess.run(
            [self.notafter, "verify", chain, "--ca", anchor, *lists, "--at", PKITS_TIME, "--json"],
            capture_output=True, text=True, check=False)
        if result.returncode not in (0, 2):
            return result.returncode, [result.stderr.strip()]
        checks = json.loads(result.stdout)["checks"]
        return result.returncode, [check["message"] for check in checks if not check["holds"]]

    def run(self):
        """Prints a table by section. Returns whether no bad certificate is accepted outside the policy sections."""
        cases = json.loads((self.directory / "testcases.json").read_text())
        sections = collections.defaultdict(collections.Counter)
        accepted, refused = [], []
        with tempfile.TemporaryDirectory() as scratch:
            for case in cases:
                section = int(case["test"].split(".")[1])
                status, reasons = self.verdict(case, pathlib.Path(scratch))
                kind = "good" if case["valid"] else "bad"
                outcome = {0: "accepted", 2: "refused"}.get(status, "unreadable")
                sections[section][kind, outcome] += 1
                if not case["valid"] and outcome == "accepted" and section not in POLICY_SECTIONS:
                    accepted.append(case)
                if case["valid"] and outcome != "accepted" and section not in POLICY_SECTIONS:
                    refused.append((case, reasons))
        self.table(sections)
        for case in accepted:
            print(f"ACCEPTED although it is bad: {case['test']} {case['name']}")
        for case, reasons in refused:
            print(f"refused although it is good: {case['test']} {case['name']}: {'; '.join(reasons)}")
        return not accepted

    @staticmethod
    def table(sections):
        print(f"{'section':<10}{'good: accepted':>16}{'refused':>9}{'bad: refused':>14}{'accepted':>10}")
        total = collections.Counter()
        for section in sorted(sections) + [None]:
            counts = total if section is None else sections[section]
            if section is not None and section not in POLICY_SECTIONS:
                total.update(counts)
            name = "no policies" if section is None else f"4.{section}" + ("*" if section in POLICY_SECTIONS else "")
            good, bad = counts["good", "accepted"], counts["bad", "refused"]
            print(f"{name:<12}{good:>14}{counts['good', 'refused']:>9}{bad:>14}{counts['bad', 'accepted']:>10}")
        print("* certificate policies, which notafter does not look at")


def main():
    notafter, shared = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    is_fine = True
    pkits = shared / "suites" / "pkits"
    if pkits.is_dir():
        print(f"NIST PKITS, judged at {PKITS_TIME}")
        is_fine = PKITS(notafter, pkits).run()
    else:
        print("NIST PKITS: no suites/pkits there, nothing was judged")
    for name, cases in conformance_cases.GROUPS.items():
        directory = shared / "cases" / name
        if directory.is_dir():
            is_fine = conformance_cases.run(notafter, directory, name, cases) and is_fine
        else:
            print(f"cases/{name}: not there, nothing was judged")
    sys.exit(0 if is_fine else 1)


if __name__ == "__main__":
    main()
