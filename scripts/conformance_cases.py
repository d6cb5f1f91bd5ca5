"""Inputs that notafter once decoded or verified wrongly, with expected results: commands, exit statuses and texts."""

import pathlib
import shutil
import subprocess
import tempfile


class Case:
    """One command in a directory of cases.

    status: the expected exit status, or several.
    says / silent: texts that standard output and error must, or must not, contain.
    within: the working directory of the command, in the directory of the case.
    after: a command that runs before and is not checked.
    reads: a file whose content counts as output.
    """

    def __init__(self, name, arguments, status, says=(), silent=(), *, within=".", after=None, reads=None):
        self.name = name
        self.arguments = arguments.split()
        self.statuses = status if isinstance(status, tuple) else (status,)
        self.says = says
        self.silent = silent
        self.within = within
        self.after = after.split() if after else None
        self.reads = reads

    def run(self, notafter, directory, arguments):
        return subprocess.run(
            [notafter, *arguments], cwd=directory / self.within, capture_output=True, text=True, errors="replace",
            check=False)

    def failures(self, notafter, directory):
        if self.after:
            self.run(notafter, directory, self.after)
        result = self.run(notafter, directory, self.arguments)
        output = result.stdout + result.stderr
        if self.reads and (directory / self.within / self.reads).exists():
            output += (directory / self.within / self.reads).read_text()
        if result.returncode not in self.statuses:
            yield f"exit status {result.returncode}, not {' or '.join(map(str, self.statuses))}"
        for text in self.says:
            if text not in output:
                yield f"does not say {text!r}"
        for text in self.silent:
            if text in output:
                yield f"says {text!r}"


def copy(directory, scratch):
    """A writable copy for ledgers and outputs. Links stay links."""
    here = pathlib.Path(scratch) / "cases"
    shutil.copytree(directory, here, symlinks=True)
    for path in [here, *here.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    for configuration in here.rglob("*.yaml"):
        text = configuration.read_text()
        configuration.write_text(text.replace("/tmp/notafter-case", "notafter-case"))
    link = here / "f02-unseen-place" / "srv" / "site"
    if link.is_file():
        target = link.read_text().strip()
        link.unlink()
        link.symlink_to(target)
    return here


def run(notafter, directory, group, cases):
    """Prints a line for each failed case, and the figures. Returns whether none failed."""
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        here = copy(directory, scratch)
        for case in cases:
            failures = list(case.failures(notafter, here))
            if failures:
                failed += 1
                print(f"FAILS {group}/{case.name}: {'; '.join(failures)}")
    print(f"cases/{group}: {len(cases) - failed} of {len(cases)} are right")
    return failed == 0


VERDICTS = [
    Case("01-delta-hides-base",
         "verify 01-delta-hides-base/leaf.crt --ca 01-delta-hides-base/ca.crt --crl 01-delta-hides-base/base.crl "
         "--crl 01-delta-hides-base/delta.crl --at 2020-01-01T00:00:00Z",
         2, ["revoked at 2010-01-01T08:30:00Z (keyCompromise)"]),
    Case("01-delta-hides-base/ca-level",
         "verify 01-delta-hides-base/ca-level/chain.pem --ca 01-delta-hides-base/ca-level/root.pem "
         "--crl 01-delta-hides-base/ca-level/ica-base-clean.crl --crl 01-delta-hides-base/ca-level/root-base.crl "
         "--crl 01-delta-hides-base/ca-level/root-delta.crl --at 2026-06-01T00:00:00Z",
         2, ["CN=Delta ICA was revoked at 2026-01-01T00:00:00Z"]),
    Case("02-weak-ca-in-path (SHA-1)",
         "verify 02-weak-ca-in-path/client.pem --ca 02-weak-ca-in-path/ca.pem --purpose client --security-level 2",
         2, ["SHA-1", "security level 2"]),
    Case("02-weak-ca-in-path (level 0)",
         "verify 02-weak-ca-in-path/client.pem --ca 02-weak-ca-in-path/ca.pem --purpose client --security-level 0",
         0, silent=["security level"]),
    Case("02-weak-ca-in-path/p192-root",
         "verify 02-weak-ca-in-path/p192-root/leaf.pem --ca 02-weak-ca-in-path/p192-root/ca.pem --purpose server "
         "--security-level 2",
         2, ["prime192v1", "security level 2"]),
    Case("03-duplicate-extension (inspect)", "inspect --json 03-duplicate-extension/leaf.pem",
         (1, 2), ["serverAuth", "subjectAltName", "extension_invalid"]),
    Case("03-duplicate-extension (verify)",
         "verify 03-duplicate-extension/leaf.pem --ca 03-duplicate-extension/ca.pem --purpose server",
         2, ["subjectAltName"], ["is unknown", "does not have serverAuth"]),
    Case("11-malformed-san", "verify 11-malformed-san/leaf.pem --ca 11-malformed-san/ca.pem --purpose server",
         2, ["subjectAltName"], ["is unknown", "does not have serverAuth"]),
    Case("04-rollover-loses-date",
         "verify 04-rollover-loses-date/peer.pem --ca 04-rollover-loses-date/ca.pem "
         "--crl 04-rollover-loses-date/root.crl --crl 04-rollover-loses-date/ca.crl --at 2020-01-01T00:00:00Z --json",
         2, ['"revoked_at" : "2010-01-01T08:30:00Z"', '"reason" : "keyCompromise"']),
    Case("05-list-of-other-scope",
         "verify 05-list-of-other-scope/peer.pem --ca 05-list-of-other-scope/ca.pem "
         "--crl 05-list-of-other-scope/crl0.pem --crl 05-list-of-other-scope/crl1.pem "
         "--crl 05-list-of-other-scope/crl2.pem --at 2020-01-01T00:00:00Z",
         2, ["about other certificates"], ["there is no revocation list"]),
    Case("06-crl-zone-offset", "inspect 06-crl-zone-offset.pem --at 2024-11-01T00:00:00Z --json",
         (0, 1, 2), ["2024-10-28T22:29:31Z", "2025-10-28T22:29:31Z"]),
    Case("10-no-san", "verify 10-no-san/leaf.pem --ca 10-no-san/ca.pem --purpose server",
         (0, 2), ["alternative_name"]),
    Case("07-broken-basic-constraints", "inspect --json 07-broken-basic-constraints.der",
         (0, 1, 2), ['"is_ca" : false', "basicConstraints"]),
    Case("12-ev-names", "inspect 12-ev-names.pem", (0, 1, 2), ["jurisdictionC=TR"], ["1.3.6.1.4.1.311"]),
    Case("09-ber-indefinite", "inspect 09-ber-indefinite.crl", (0, 1, 2), silent=["no revocation list that can be read"]),
    Case("08-short-der (certificate)", "inspect 08-short-der/certificate-108-bytes.der --json",
         (0, 1, 2), ["d958067b"]),
    Case("08-short-der (list)", "inspect 08-short-der/list-106-bytes.crl --json",
         (0, 1, 2), ["2024-01-01T00:00:00Z", '"revoked_count" : 1']),
]

FILES = [
    Case("f01-no-certificate", "check good.pem server.crt empty.pem", 3, ["server.crt", "empty.pem"],
         within="f01-no-certificate"),
    Case("f01-no-certificate (registered)", "check --config notafter.yaml", 3, ["server.crt"],
         within="f01-no-certificate"),
    Case("f02-unseen-place", "list --config notafter.yaml", (0, 1, 2, 3), ["srv/site"],
         within="f02-unseen-place", after="scan --config notafter.yaml", reads="notafter-case-f02.out"),
    Case("f03-no-subject", "check f03-no-subject", (0, 1, 2), ["DNS:api.example"], ["(no subject)"]),
    Case("f04-pkcs7-as-certificate", "inspect f04-pkcs7-as-certificate/certnew.p7b", 0, ["CN=case-sub", "CN=case-root"]),
    Case("f05-json-scalar", "inspect f05-json-scalar/aws.json", 0, ["case-good"]),
    Case("f05-json-scalar (.env)", "inspect f05-json-scalar/app.env", 0, ["case-root"]),
    Case("f05-json-scalar (YAML)", "inspect f05-json-scalar/values.yaml", 0, ["case-root"]),
    Case("f06-key-missing", "list --config notafter.yaml", (0, 1, 2, 3), ["does not exist"], ["PEM_read_bio_PrivateKey"],
         within="f06-key-missing", after="scan --config notafter.yaml"),
    Case("f09-discover (PostgreSQL's defaults)", "discover postgresql.conf", 0, ["server.crt"], within="f09-discover"),
    Case("f09-discover (postgresql.auto.conf)", "discover pg-auto/postgresql.conf", 0, ["other.crt"],
         within="f09-discover"),
    Case("f09-discover (HAProxy)", "discover haproxy.cfg", 0,
         ["multi.pem.rsa", "multi.pem.ecdsa", "stored.pem", "peers.pem", "listed.pem"], within="f09-discover"),
    Case("f09-discover (Apache)", "discover apache2.conf", 0, ["chain.pem"], within="f09-discover"),
    Case("f09-discover (kubeconfig)", "discover kubeconfig-flow.yaml", 0, ["certs/"], within="f09-discover"),
    Case("f09-discover (root)", "discover --root root", 0, ["img.pem"], within="f09-discover"),
    Case("f10-commented", "check f10-commented", 0, silent=["CRITICAL"]),
]

GROUPS = {"verdicts": VERDICTS, "files": FILES}
