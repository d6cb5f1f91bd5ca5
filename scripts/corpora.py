#!/usr/bin/env python3
"""Reads a directory of foreign files with notafter and writes one JSON object a file, for a judge that knows what they hold.

    scripts/corpora.py NOTAFTER DIRECTORY OUTPUT.jsonl [PASSPHRASES]

Each line: {"path", "certs": [{"sha256", "not_before", "not_after", "serial", "is_ca"}], "further": [...], "defects": [...]}.
`further` has the certificates of containers that only Java, JSON or base64 tools open: a judge made with TLS libraries
knows nothing of them. PASSPHRASES is a file with one passphrase a line; each is tried on what none has opened before.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PEM_IN_BASE64 = b"LS0tLS1CRUdJTi"


def check(notafter, targets, passphrase_file=None):
    """Certificates and defects of targets, by path, from one run of `notafter check`."""
    command = [notafter, "check", "--json"]
    if passphrase_file:
        command += ["--passphrase-file", passphrase_file]
    run = subprocess.run(command + [str(target) for target in targets], stdout=subprocess.PIPE, text=True)
    if run.returncode not in (0, 1, 2, 3):
        sys.exit(f"notafter check ended with status {run.returncode}")
    listing = json.loads(run.stdout)
    certificates, defects = collections.defaultdict(dict), collections.defaultdict(list)
    for certificate in listing["certificates"]:
        location = certificate["location"]
        path = location if os.path.lexists(location) else re.sub(r"#\d+$", "", location)
        certificates[path][certificate["fingerprint_sha256"]] = {
            "sha256": certificate["fingerprint_sha256"],
            "not_before": certificate["not_before"],
            "not_after": certificate["not_after"],
            "serial": certificate["serial_number"],
            "is_ca": certificate["is_ca"],
        }
    for defect in listing["defects"]:
        defects[defect["path"]].append({"reason": defect["reason"], "message": defect["message"]})
    return certificates, defects


def is_further(path):
    """Whether a file is a container that TLS libraries do not open."""
    content = pathlib.Path(path).read_bytes()
    if content[:4] in (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce"):
        return True
    if b"-----BEGIN " in content:
        return content.lstrip()[:1] in (b"{", b"[")
    return PEM_IN_BASE64 in content or re.fullmatch(rb"[A-Za-z0-9+/=\s]{64,}", content) is not None


def try_passphrases(notafter, passphrases, certificates, defects):
    """Opens what has a passphrase with the first of `passphrases` that opens it."""
    for passphrase in passphrases:
        closed = [
            path for path, found in defects.items()
            if any(defect["reason"] in ("passphrase_missing", "bad_passphrase") for defect in found)
        ]
        if not closed:
            return
        with tempfile.NamedTemporaryFile("w", suffix=".passphrase") as file:
            file.write(passphrase + "\n")
            file.flush()
            opened, still = check(notafter, closed, file.name)
        for path in closed:
            certificates[path], defects[path] = opened[path], still[path]


def main():
    notafter, directory, output, *rest = sys.argv[1:]
    root = os.path.realpath(directory)
    certificates, defects = check(notafter, [root])
    if rest and rest[0]:
        try_passphrases(notafter, pathlib.Path(rest[0]).read_text().splitlines(), certificates, defects)
    totals = collections.Counter()
    with open(output, "w") as lines:
        for path in sorted(str(file) for file in pathlib.Path(root).rglob("*") if file.is_file()):
            found = list(certificates[path].values())
            further = bool(found) and is_further(path)
            line = {
                "path": os.path.relpath(path, root),
                "certs": [] if further else found,
                "further": found if further else [],
                "defects": defects[path],
            }
            lines.write(json.dumps(line) + "\n")
            totals["files"] += 1
            totals["certificates"] += len(line["certs"])
            totals["further certificates"] += len(line["further"])
            totals["files with defects"] += bool(line["defects"])
    print(f"{output}: " + ", ".join(f"{count} {what}" for what, count in totals.items()))


main()
