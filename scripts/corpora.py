#!/usr/bin/env python3
"""Reads a directory of files from other projects and writes one JSON object for each file, for a comparison with their contents.

    scripts/corpora.py NOTAFTER DIRECTORY OUTPUT.jsonl [PASSPHRASES]

Each line: {"path", "certs": [{"sha256", "not_before", "not_after", "serial", "is_ca"}], "further": [...], "defects": [...]}.
`further` contains the certificates of containers that TLS libraries do not open: Java key stores, JSON, base64. A comparison
with such libraries would count each one as an error, so they are checked here: Python's json and base64 modules must find each
one in its file, byte for byte, or the script exits with 1. PASSPHRASES is a file with one passphrase in each line. Each one is
tried on the containers that are still closed.
"""

import base64
import collections
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PEM_IN_BASE64 = b"LS0tLS1CRUdJTi"


def summary(certificate):
    """The fields that are compared."""
    return {
        "sha256": certificate["fingerprint_sha256"],
        "not_before": certificate["not_before"],
        "not_after": certificate["not_after"],
        "serial": certificate["serial_number"],
        "is_ca": certificate["is_ca"],
    }


def check(notafter, targets, passphrase_file=None):
    """The certificates and defects of targets by path, from one run of `notafter check`."""
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
        certificates[path][certificate["fingerprint_sha256"]] = summary(certificate)
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


def digests_in(content, depth=4):
    """The SHA-256 of everything in content that could be a certificate: DER, also in base64 and in the strings of JSON."""
    digests = set()
    for match in re.finditer(rb"\x30\x82(..)", content, re.DOTALL):
        length = 4 + int.from_bytes(match.group(1), "big")
        digests.add(hashlib.sha256(content[match.start():match.start() + length]).hexdigest())
    if depth == 0:
        return digests
    inner = []
    # Runs of base64 on one line, bodies of PEM, and files that are entirely base64.
    for text in re.findall(rb"[A-Za-z0-9+/]{64,}", content) + re.findall(rb"-----([^-]+)-----END", content) + [content]:
        packed = re.sub(rb"\s", b"", text).rstrip(b"=")
        if re.fullmatch(rb"[A-Za-z0-9+/]+", packed) and len(packed) % 4 != 1:
            inner.append(base64.b64decode(packed + b"=" * (-len(packed) % 4)))
    try:
        inner += [string.encode() for string in strings_in(json.loads(content))]
    except ValueError:
        pass
    return digests.union(*(digests_in(part, depth - 1) for part in inner))


def strings_in(value):
    """The strings of a JSON value."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [string for part in parts for string in strings_in(part)]


def inspect(notafter, path, passphrase_file):
    """The same for one file that takes too long for a scan."""
    command = [notafter, "inspect", "--json", "--passphrase-file", passphrase_file, path]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    found = [entry for entry in json.loads(run.stdout or "[]") if entry["kind"] == "certificate"]
    return {entry["fingerprint_sha256"]: summary(entry) for entry in found}


def try_passphrases(notafter, passphrases, certificates, defects):
    """Opens encrypted files with the first of `passphrases` that works."""
    for passphrase in passphrases:
        closed = [
            path for path, found in defects.items()
            if any(
                defect["reason"] in ("passphrase_missing", "bad_passphrase")
                or defect["reason"] == "iteration_limit" and not certificates[path]
                for defect in found
            )
        ]
        if not closed:
            return
        with tempfile.NamedTemporaryFile("w", suffix=".passphrase") as file:
            file.write(passphrase + "\n")
            file.flush()
            opened, still = check(notafter, closed, file.name)
            for path in closed:
                certificates[path], defects[path] = opened[path], still[path]
                if any(defect["reason"] == "iteration_limit" for defect in still[path]):
                    certificates[path] = inspect(notafter, path, file.name)


def main():
    notafter, directory, output, *rest = sys.argv[1:]
    root = os.path.realpath(directory)
    certificates, defects = check(notafter, [root])
    if rest and rest[0]:
        try_passphrases(notafter, pathlib.Path(rest[0]).read_text().splitlines(), certificates, defects)
    totals, unconfirmed = collections.Counter(), []
    with open(output, "w") as lines:
        for path in sorted(str(file) for file in pathlib.Path(root).rglob("*") if file.is_file()):
            found = list(certificates[path].values())
            further = bool(found) and is_further(path)
            if further:
                present = digests_in(pathlib.Path(path).read_bytes())
                unconfirmed += [path for certificate in found if certificate["sha256"] not in present]
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
    if unconfirmed:
        sys.exit("certificates that are not in their file: " + ", ".join(unconfirmed))


main()
