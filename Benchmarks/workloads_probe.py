"""Probes of endpoints."""

import contextlib
import os
import pathlib
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

from measuring import Bench, Cost, Pair, free_port, remove_database, tool


@contextlib.contextmanager
def probe(bench: Bench, further_authorities: str = "") -> Iterator[Pair]:
    """Full mTLS handshakes with one server, each with a client certificate and without resumption."""
    make_pki(bench.work)
    bundle = bench.work / "bundle.pem"
    bundle.write_text((bench.work / "ca.crt").read_text() + further_authorities)
    client = bench.work / "client.pem"
    with nginx(bench.work) as port:
        tls = f"{{ca_file: {bundle}, cert_file: {client}, key_file: {client}}}"
        endpoints = "\n".join(
            f"  - {{name: e{i}, url: 'https://localhost:{port}/{i}', tls_config: {tls},"
            " without_client_certificate: skip}"
            for i in range(bench.size))
        configuration = bench.configuration(f"endpoints:\n{endpoints}\n")
        # The floor parses the CAs once.
        floor = ("probe_ssl", bench.size, 8, port, "/", bundle, client, client)
        yield Pair(
            lambda: bench.run(bench.notafter, "probe", "-q", "--config", configuration),
            lambda: bench.floor(*floor), "raw OpenSSL, 8 threads")


def probe_authorities(bench: Bench) -> contextlib.AbstractContextManager[Pair]:
    """The same with a CA file as large as a system's: 141 CAs and the server's."""
    bundle = pathlib.Path("/etc/ssl/certs/ca-certificates.crt").read_text()
    blocks = [block + "-----END CERTIFICATE-----\n" for block in bundle.split("-----END CERTIFICATE-----\n")]
    return probe(bench, further_authorities="".join(blocks[:141]))


# Several hosts, since at most 64 concurrent connections go to one host.
ADDRESSES = [f"127.0.0.{number}" for number in range(1, 17)]
SLOW_SECONDS = 2
# Answers after two seconds, without TLS. nginx is in front of it.
SLOW_SERVER = """
import asyncio, sys
async def serve(reader, writer):
    try:
        await reader.readuntil(b"\\r\\n\\r\\n")
    except asyncio.IncompleteReadError:
        return writer.close()
    await asyncio.sleep(float(sys.argv[2]))
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
    await writer.drain()
    writer.close()
async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), backlog=4096) as server:
        await server.serve_forever()
asyncio.run(main())
"""


@contextlib.contextmanager
def probe_slow(bench: Bench) -> Iterator[Pair]:
    """Endpoints that all answer late. A round of them must take as long as one probe."""
    make_pki(bench.work)
    backend = free_port()
    server = subprocess.Popen([sys.executable, "-c", SLOW_SERVER, str(backend), str(SLOW_SECONDS)])
    try:
        wait_for_connections(backend, server)
        with nginx(bench.work, f"proxy_pass http://127.0.0.1:{backend};") as port:
            entries = endpoint_entries(bench.work, port, bench.size, "without_client_certificate: skip")
            configuration = bench.configuration(f"endpoints:\n{entries}\n")
            yield Pair(
                lambda: bench.run(bench.notafter, "probe", "-q", "--config", configuration),
                lambda: bench.run(tool("sleep"), SLOW_SECONDS), f"{SLOW_SECONDS} s of sleep")
    finally:
        server.terminate()
        server.wait()


WATCH_INTERVAL = 60
WATCH_SECONDS = 150


@contextlib.contextmanager
def probe_watch(bench: Bench) -> Iterator[Pair]:
    """Runs the daemon on one core with an interval for each endpoint. Both probes of each endpoint are recorded."""
    make_pki(bench.work)
    with nginx(bench.work) as port:
        entries = endpoint_entries(bench.work, port, bench.size, f"interval: {WATCH_INTERVAL}s").splitlines()
        # In drop-ins, since the size of one file is limited.
        drop_ins = bench.work / "conf.d"
        drop_ins.mkdir()
        for start in range(0, bench.size, 1_000):
            text = "\n".join(entries[start : start + 1_000])
            (drop_ins / f"{start:06}.yaml").write_text(f"endpoints:\n{text}\n")
        configuration = bench.configuration("endpoints:\n")
        ledger = bench.work / "watch.db"

        def ours() -> Cost:
            remove_database(ledger)
            with resident_sizes(str(ledger)) as sizes:
                cost = bench.run(
                    tool("timeout"), "--signal=TERM", WATCH_SECONDS, tool("taskset"), "-c", "0", bench.notafter, "run",
                    "--config", configuration, "--state", ledger, statuses=(124,))
            print(
                f"probe-watch: {cost.cpu / cost.wall:.0%} of one core; resident MiB after each half minute:"
                f" {', '.join(f'{size:.0f}' for size in sizes)}", file=sys.stderr)
            check_beats(ledger, bench.size)
            return cost

        handshakes = 2 * bench.size * WATCH_SECONDS // WATCH_INTERVAL
        client = bench.work / "client.pem"
        floor = (bench.build / "probe_ssl", handshakes, 8, port, "/", bench.work / "ca.pem", client, client)
        yield Pair(ours, lambda: bench.run(*floor), "as many handshakes, raw", is_long=True)


@contextlib.contextmanager
def resident_sizes(argument: str) -> Iterator[list[float]]:
    """Records the MiB of the notafter process with this argument, each half minute during the block."""
    sizes: list[float] = []
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(30):
            for directory in pathlib.Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    words = (directory / "cmdline").read_text().split("\0")
                    if words[0].endswith("/notafter") and argument in words:
                        pages = int((directory / "statm").read_text().split()[1])
                        sizes.append(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield sizes
    finally:
        ended.set()
        sampler.join()


def check_beats(ledger: pathlib.Path, watched: int) -> None:
    """Ends the benchmark unless every endpoint was probed at all of its due times, without drift, and accepted the client."""
    with contextlib.closing(sqlite3.connect(ledger)) as database:
        rounds, good, endpoints = database.execute(
            "SELECT COUNT(*), SUM(is_good), COUNT(DISTINCT endpoint) FROM probes").fetchone()
        # A busy machine delays a round by seconds. The due time of the next one does not change.
        late, missed = database.execute(
            """
            SELECT SUM(ABS(gap - ?1) > 2), SUM(gap > ?1 * 3 / 2) FROM (
                SELECT probed_at - LAG(probed_at) OVER (PARTITION BY endpoint ORDER BY probed_at) AS gap FROM probes)
            WHERE gap IS NOT NULL
            """, (WATCH_INTERVAL,)).fetchone()
        drift = database.execute(
            "SELECT AVG(drift) FROM (SELECT (MAX(probed_at) - MIN(probed_at)) - (COUNT(*) - 1) * ? AS drift"
            " FROM probes GROUP BY endpoint)", (WATCH_INTERVAL,)).fetchone()[0]
    print(
        f"probe-watch: {rounds} rounds of {endpoints} endpoints, {rounds - good} bad, {missed} beats missed,"
        f" {late} more than 2 s from their beat, {drift:.2f} s of drift", file=sys.stderr)
    if endpoints < watched or good < rounds or missed > rounds // 100 or abs(drift) > 2:
        raise SystemExit("the schedule was not kept")


def endpoint_entries(work: pathlib.Path, port: int, count: int, further: str) -> str:
    tls = f"{{ca_file: {work}/ca.pem, cert_file: {work}/client.pem, key_file: {work}/client.pem}}"
    return "\n".join(
        f"  - {{name: e{i}, url: 'https://localhost:{port}/{i}', resolve: [{ADDRESSES[i % len(ADDRESSES)]}], tls_config: {tls}, {further}}}"
        for i in range(count))


def make_pki(directory: pathlib.Path) -> None:
    """A CA with a server and a client certificate, each in one file with its P-256 key."""
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30")
    ca = ("-CA", "ca.pem", "-CAkey", "ca.pem")

    def issue(name: str, *options: str) -> None:
        command = ("openssl", "req", "-x509", *curve, "-keyout", f"{name}.key", "-out", f"{name}.crt", *options)
        subprocess.run(command, cwd=directory, check=True, capture_output=True)
        pem = (directory / f"{name}.crt").read_text() + (directory / f"{name}.key").read_text()
        (directory / f"{name}.pem").write_text(pem)

    issue("ca", "-subj", "/CN=ca", "-addext", "keyUsage=critical,keyCertSign")
    leaf = ("-addext", "basicConstraints=critical,CA:FALSE")
    issue("server", "-subj", "/CN=localhost", *ca, *leaf, "-addext", "subjectAltName=DNS:localhost")
    issue("client", "-subj", "/CN=client", *ca, *leaf, "-addext", "extendedKeyUsage=clientAuth")


@contextlib.contextmanager
def nginx(work: pathlib.Path, answer: str = 'return 200 "welcome";') -> Iterator[int]:
    """A server that asks for client certificates and resumes no sessions. Yields its port."""
    port = free_port()
    listen = " ".join(f"listen {address}:{port} ssl http2 backlog=4096;" for address in ADDRESSES)
    temporary = "\n".join(
        f"{kind}_temp_path {work}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (work / "nginx.conf").write_text(
        f"""
        daemon off; worker_processes 2; pid {work}/nginx.pid; error_log {work}/nginx.log;
        events {{ worker_connections 4096; }}
        http {{
            access_log off; {temporary}
            server {{
                {listen} ssl_protocols TLSv1.3;
                ssl_certificate {work}/server.pem; ssl_certificate_key {work}/server.pem;
                ssl_client_certificate {work}/ca.pem; ssl_verify_client on;
                ssl_session_cache off; ssl_session_tickets off;
                location / {{ {answer} }}
            }}
        }}
        """)
    server = subprocess.Popen([tool("nginx"), "-p", work, "-c", work / "nginx.conf", "-e", work / "nginx.log"])
    try:
        wait_for_connections(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def wait_for_connections(port: int, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("nginx does not start") from None
            time.sleep(0.01)
