#!/usr/bin/python3
"""Writes the software bill of materials of a built command, as CycloneDX 1.6 in JSON, on standard output.

    scripts/sbom.py BINARY [DIRECTORY]

It has the Swift packages of Package.resolved and the Swift runtime, which are linked into the command, and Debian's packages
of the libraries that it loads, in the versions of this machine. DIRECTORY is where the command was built, with
Package.resolved and .build/checkouts; without it, this repository. The same inputs make the same bytes: the time is
SOURCE_DATE_EPOCH, or the date of the newest version in CHANGELOG.md.
"""

import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
# The beginnings of the licenses of Swift packages. Another one must be looked at by a person.
LICENSES = {"Apache License": "Apache-2.0", "The MIT License": "MIT", "Permission is hereby granted": "MIT"}


def output(*command):
    """What a command prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def license_of(checkout):
    """The SPDX identifier of the license file in a checkout."""
    files = sorted(checkout.glob("LICENSE*"))
    if not files:
        raise SystemExit(f"sbom: {checkout} has no license file: build the command there first")
    beginning = files[0].read_text()[:400]
    for words, identifier in LICENSES.items():
        if words in beginning:
            return identifier
    raise SystemExit(f"sbom: {files[0]}: which license is this?")


def swift_packages(directory):
    """A component for each pin of Package.resolved."""
    resolved = directory / "Package.resolved"
    if not resolved.exists():
        raise SystemExit(f"sbom: there is no {resolved}: build the command there first")
    for pin in json.loads(resolved.read_text())["pins"]:
        address = pin["location"].removesuffix(".git")
        name, version = address.rsplit("/", 1)[1], pin["state"]["version"]
        # https://github.com/package-url/purl-spec: the namespace of type swift is host and owner.
        reference = f"pkg:swift/{address.removeprefix('https://')}@{version}"
        yield {
            "type": "library", "bom-ref": reference, "name": name, "version": version, "purl": reference,
            "licenses": [{"license": {"id": license_of(directory / ".build/checkouts" / name)}}],
            "externalReferences": [{"type": "vcs", "url": pin["location"], "comment": f"revision {pin['state']['revision']}"}],
            "properties": [{"name": "notafter:linkage", "value": "static"}],
        }


def swift_runtime():
    """The standard library, Foundation and Dispatch of the toolchain, which are linked into the command."""
    version = (ROOT / ".swift-version").read_text().strip()
    return {
        "type": "framework", "bom-ref": f"swift-runtime@{version}", "name": "Swift runtime", "version": version,
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "externalReferences": [{"type": "website", "url": "https://www.swift.org"}],
        "properties": [{"name": "notafter:linkage", "value": "static"}],
    }


def owner_of(library):
    """The Debian package of a file; on a merged /usr, dpkg may know it by its other path."""
    for path in [library, f"/usr{library}", library.removeprefix("/usr")]:
        found = subprocess.run(["dpkg-query", "--search", path], capture_output=True, text=True)
        if found.returncode == 0:
            return found.stdout.split(":")[0]
    raise SystemExit(f"sbom: {library} belongs to no Debian package")


def debian_packages(binary):
    """A component for each package with a library that the command asks for itself."""
    needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", output("readelf", "--dynamic", binary)))
    paths = dict(re.findall(r"^\s*(?:\S*/)?(\S+?)(?: =>)? (?:(/\S+) )?\(0x", output("ldd", binary), re.MULTILINE))
    libraries = {}
    for name in sorted(needed):
        # The dynamic linker is named by its own path.
        path = paths.get(name) or next(iter(re.findall(rf"(/\S*{re.escape(name)})", output("ldd", binary))))
        libraries.setdefault(owner_of(path), []).append(name)
    release = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    distribution = f"{release['ID']}-{release['VERSION_ID']}".replace('"', "")
    for package, names in sorted(libraries.items()):
        version, architecture = output("dpkg-query", "--show", "--showformat=${Version} ${Architecture}\n", package).split()[:2]
        quoted = version.replace(":", "%3A").replace("+", "%2B")
        reference = f"pkg:deb/debian/{package}@{quoted}?arch={architecture}&distro={distribution}"
        yield {
            "type": "library", "bom-ref": reference, "name": package, "version": version, "purl": reference,
            "properties": [{"name": "notafter:linkage", "value": "dynamic"},
                           *({"name": "notafter:library", "value": name} for name in names)],
        }


def build_time():
    """SOURCE_DATE_EPOCH, or the date of the newest version."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc)
    date = re.search(r"^## \[\d[^]]*\] - (\d{4}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE).group(1)
    return datetime.datetime.fromisoformat(f"{date}T00:00:00+00:00")


def main():
    """Prints the bill of materials."""
    binary = pathlib.Path(sys.argv[1]).resolve()
    directory = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else ROOT
    version = output(binary, "--version").strip()
    digest = hashlib.sha256(binary.read_bytes()).hexdigest()
    reference = f"notafter@{version}"
    components = [*swift_packages(directory), swift_runtime(), *debian_packages(binary)]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        # A name of the command's content, so that the same command has the same serial number.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {
            "timestamp": f"{build_time():%Y-%m-%dT%H:%M:%SZ}",
            "lifecycles": [{"phase": "build"}],
            "component": {
                "type": "application", "bom-ref": reference, "name": "notafter", "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
                "hashes": [{"alg": "SHA-256", "content": digest}],
            },
        },
        "components": components,
        "dependencies": [{"ref": reference, "dependsOn": sorted(component["bom-ref"] for component in components)}],
    }
    print(json.dumps(bill, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
