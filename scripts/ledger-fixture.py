#!/usr/bin/env python3
"""Prints a ledger as SQL, with rows in every table, as a given build of notafter writes it:

    scripts/ledger-fixture.py NOTAFTER > Tests/LedgerStorageTests/Fixtures/ledger-VERSION.sql

Tests migrate it, so that a ledger of that version keeps its meaning. Run it with the last release before a migration
replaces tables. It issues its own certificates with openssl, makes passes over some days (--at), and takes the messages."""

import datetime
import http.server
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

CONFIGURATION = """\
state: ledger.db
deliver_for: 0s
certificates:
  - {{ name: root-ca, role: ca, paths: [ca] }}
  - {{ name: fleet, role: client, paths: [clients], issuer: root-ca, checks_revocation: true }}
  - {{ name: short-ca, role: ca, paths: [short-ca.pem] }}
  - {{ name: brief, role: client, paths: [brief], issuer: short-ca }}
revocation_lists:
  - {{ name: lists, paths: [lists], issuer: root-ca }}
endpoints:
  - name: api
    url: "https://127.0.0.1:{closed}/"
    tls_config: {{ cert_file: clients/a.pem, key_file: a.key }}
receivers:
  - {{ name: ops, webhook: {{ url: "http://127.0.0.1:{port}/" }} }}
  - {{ name: down, webhook: {{ url: "http://127.0.0.1:{closed}/" }} }}
route: {{ receivers: [ops, down] }}
"""
AUTHORITY = """\
[ca]
default_ca = own
[own]
database = index.txt
crlnumber = number
default_md = sha256
"""


class Receiver(http.server.BaseHTTPRequestHandler):
    """Accepts every message."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class Site:
    """A directory with certificates and a configuration."""

    def __init__(self, notafter, directory):
        self.notafter, self.directory = notafter, pathlib.Path(directory)

    def run(self, *arguments, statuses=(0,)):
        result = subprocess.run(arguments, cwd=self.directory, capture_output=True, text=True)
        if result.returncode not in statuses:
            sys.exit(f"{' '.join(map(str, arguments))}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result.stdout

    def key(self, name):
        self.run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")

    def authority(self, file, name, key, days):
        self.run("openssl", "req", "-x509", "-new", "-key", f"{key}.key", "-subj", f"/CN={name}", "-days", str(days), "-out", file)

    def leaf(self, file, name, authority, days):
        self.run("openssl", "req", "-new", "-key", "a.key", "-subj", f"/CN={name}", "-out", "request.pem")
        self.run(
            "openssl", "x509", "-req", "-in", "request.pem", "-CA", authority[0], "-CAkey", authority[1] + ".key",
            "-CAcreateserial", "-days", str(days), "-out", file)

    def revocation_list(self, file, authority):
        (self.directory / "ca.cnf").write_text(AUTHORITY)
        (self.directory / "index.txt").write_text("")
        (self.directory / "number").write_text("01\n")
        self.run(
            "openssl", "ca", "-config", "ca.cnf", "-gencrl", "-crldays", "40", "-cert", authority[0], "-keyfile",
            authority[1] + ".key", "-out", file)

    def scan(self, day):
        at = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=day, hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.run(self.notafter, "scan", "--state", "ledger.db", "--at", at, statuses=(0, 1, 2))

    def issue(self):
        for name in ("root", "old", "short", "a"):
            self.key(name)
        for folder in ("ca", "clients", "brief", "lists"):
            (self.directory / folder).mkdir()
        self.authority("ca/new.pem", "Root", "root", 3000)
        self.authority("ca/old.pem", "Root", "old", 60)
        self.authority("short-ca.pem", "Short", "short", 20)
        root, short = ("ca/new.pem", "root"), ("short-ca.pem", "short")
        for name, days in (("a", 10), ("b", 12), ("c", 300), ("d", 400)):
            self.leaf(f"clients/{name}.pem", name, root, days)
        shutil.copy(self.directory / "clients/d.pem", self.directory / "clients/e.pem")
        self.leaf("brief/brief.pem", "brief", short, 300)
        (self.directory / "clients/broken.pem").write_text("no certificate\n")
        self.revocation_list("lists/root.crl", root)

    def live(self):
        """Some days: what is new, what is renewed, what is removed, what is absent, and a silence."""
        self.scan(0)
        self.leaf("clients/b.pem", "b", ("ca/new.pem", "root"), 500)
        (self.directory / "clients/c.pem").unlink()
        self.scan(1)
        self.run(self.notafter, "silence", "add", "registration=fleet", "--for", "90d", "--reason", "CHG-1", "--by", "alice")
        for day in (2, 3, 5):
            self.scan(day)
        (self.directory / "clients/e.pem").unlink()
        self.scan(6)

    def dump(self):
        """The ledger, with a row in the one table that a complete pass leaves empty."""
        self.run("sqlite3", "ledger.db", "INSERT OR IGNORE INTO unreported VALUES('fleet')")
        tables = self.run("sqlite3", "ledger.db", "SELECT name FROM sqlite_master WHERE type = 'table'").split()
        for table in tables:
            if self.run("sqlite3", "ledger.db", f"SELECT count(*) FROM {table}").strip() == "0":
                sys.exit(f"{table} has no row")
        identifier = self.run("sqlite3", "ledger.db", "PRAGMA application_id").strip()
        text = f"PRAGMA application_id = {identifier};\n" + self.run("sqlite3", "ledger.db", ".dump")
        return self.moved(self.moved(text, str), lambda path: path.encode().hex())

    def moved(self, text, spelt):
        """The text with the places below one directory for all runs."""
        return text.replace(spelt(str(self.directory)), spelt("/srv/pki"))


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as directory, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        site = Site(pathlib.Path(sys.argv[1]).resolve(), directory)
        ports = {"port": server.server_port, "closed": closed.getsockname()[1]}
        (site.directory / "notafter.yaml").write_text(CONFIGURATION.format(**ports))
        site.issue()
        site.live()
        print(site.dump(), end="")


if len(sys.argv) != 2:
    sys.exit(__doc__)
main()
