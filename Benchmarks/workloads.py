"""What is measured: for each workload, what notafter does and the floor beside it."""

import contextlib
import dataclasses
import http.server
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

SEED = 1
# 2026-11-21T00:00:00Z: what the corpus takes for the present, and so does whoever looks at it.
NOW = 1_795_219_200


@dataclasses.dataclass(frozen=True)
class Cost:
    """What one run of a process cost."""

    wall: float
    cpu: float
    peak_mib: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.peak_mib, other.peak_mib))


@dataclasses.dataclass(frozen=True)
class Pair:
    """One workload on both sides; each call is one run."""

    ours: Callable[[], Cost]
    floor: Callable[[], Cost]
    floor_is: str
    # A run that takes minutes is made once, without a run before it that does not count.
    is_long: bool = False


@dataclasses.dataclass(frozen=True)
class Bench:
    """Where things are, how much there is to do, and how to run something."""

    notafter: pathlib.Path
    build: pathlib.Path
    work: pathlib.Path
    certificates: int
    probes: int

    def run(self, *command: object, statuses: tuple[int, ...] = (0,)) -> Cost:
        """Runs a command and returns its cost; another exit status than expected ends the benchmark."""
        words = [str(self.build / "measure"), *map(str, command)]
        result = subprocess.run(words, cwd=self.work, capture_output=True, text=True, check=True)
        *messages, last = result.stderr.splitlines()
        measured = dict(field.split("=") for field in last.split())
        if int(measured["status"]) not in statuses:
            raise SystemExit("\n".join([f"status {measured['status']}: {' '.join(words[1:])}", *messages[-20:]]))
        return Cost(float(measured["wall"]), float(measured["cpu"]), int(measured["peak_kib"]) / 1024)

    def corpus(self) -> pathlib.Path:
        """A directory of certificates, made once for each size."""
        corpus = self.build / f"corpus-{self.certificates}"
        if not corpus.exists():
            unfinished = corpus.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            self.run(self.build / "gen", unfinished, self.certificates, SEED, NOW)
            unfinished.rename(corpus)
        return corpus

    def configuration(self, text: str) -> pathlib.Path:
        file = self.work / "notafter.yaml"
        file.write_text(text)
        return file

    def scan(self, configuration: pathlib.Path, ledger: pathlib.Path, at: int) -> Cost:
        """One pass. Deliveries that stay open, since nobody listens, are no failure here."""
        return self.run(
            self.notafter, "scan", "--config", configuration, "--state", ledger, "--at", rfc3339(at), statuses=(0, 1))

    def commit(self, rows: int) -> Cost:
        """The floor of everything that is recorded: so many rows in one durable commit."""
        database = self.work / "floor.db"
        remove_database(database)
        return self.run(self.build / "sqlite_limit", database, rows, rows)


def rfc3339(instant: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(instant))


def remove_database(database: pathlib.Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def copy_database(original: pathlib.Path, copy: pathlib.Path) -> None:
    remove_database(copy)
    with contextlib.closing(sqlite3.connect(original)) as source, contextlib.closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def count_rows(database: pathlib.Path, table: str) -> int:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def fleet(corpus: pathlib.Path, thresholds: str = "30d, 14d") -> str:
    """A configuration that watches a corpus. Its receiver's gate is shut after one attempt: there is none."""
    return f"""
defaults: {{thresholds: [{thresholds}]}}
certificates: [{{name: fleet, role: client, paths: [{corpus}]}}]
receivers: [{{name: nobody, webhook: {{url: "http://127.0.0.1:1/"}}}}]
route: {{receivers: [nobody]}}
"""


@contextlib.contextmanager
def check(bench: Bench) -> Iterator[Pair]:
    """Every file is read and decoded, and nothing is remembered."""
    corpus = bench.corpus()
    command = (bench.notafter, "check", "-q", "-w", "1s", "-c", "1s", "--at", rfc3339(NOW), corpus)
    yield Pair(
        lambda: bench.run(*command, statuses=(2,)), lambda: bench.run(bench.build / "floor", "dersh", corpus),
        "read, decode, hash")


@contextlib.contextmanager
def scan_first(bench: Bench) -> Iterator[Pair]:
    """The first pass ever: every file is read, every certificate stored, and what is due already is decided."""
    corpus, ledger = bench.corpus(), bench.work / "ledger.db"
    configuration = bench.configuration(fleet(corpus))

    def ours() -> Cost:
        remove_database(ledger)
        return bench.scan(configuration, ledger, NOW)

    def floor() -> Cost:
        return bench.run(bench.build / "floor", "dersh", corpus) + bench.commit(bench.certificates)

    yield Pair(ours, floor, "read, decode, hash; commit a row each")


@contextlib.contextmanager
def rescan(bench: Bench) -> Iterator[Pair]:
    """A pass over files that are as they were."""
    corpus, ledger = bench.corpus(), bench.work / "ledger.db"
    configuration = bench.configuration(fleet(corpus))
    bench.scan(configuration, ledger, NOW)
    yield Pair(
        lambda: bench.scan(configuration, ledger, NOW), lambda: bench.run(bench.build / "floor", "stat", corpus),
        "statx of each")


@contextlib.contextmanager
def decide(bench: Bench) -> Iterator[Pair]:
    """A pass in which no file has changed, and every certificate with a usual lifetime has crossed its threshold."""
    corpus, ledger, before = bench.corpus(), bench.work / "ledger.db", bench.work / "before.db"
    configuration = bench.configuration(fleet(corpus, thresholds="900d"))
    day = 86_400
    bench.scan(configuration, before, NOW - 1_100 * day)

    def ours() -> Cost:
        copy_database(before, ledger)
        cost = bench.scan(configuration, ledger, NOW - 61 * day)
        decided = count_rows(ledger, "notices")
        if decided < 0.9 * bench.certificates:
            raise SystemExit(f"only {decided} stages were decided")
        return cost

    yield Pair(ours, lambda: bench.commit(bench.certificates), "commit a row each")


@contextlib.contextmanager
def forecast(bench: Bench) -> Iterator[Pair]:
    """The notices of the next 90 days: what passes would decide and send, on a copy of the ledger."""
    corpus, ledger = bench.corpus(), bench.work / "ledger.db"
    configuration = bench.configuration(fleet(corpus))
    bench.scan(configuration, ledger, NOW)
    command = (
        bench.notafter, "forecast", "--json", "--config", configuration, "--state", ledger, "--at", rfc3339(NOW + 60))
    yield Pair(lambda: bench.run(*command), lambda: bench.commit(bench.certificates), "commit a row each", is_long=True)


@contextlib.contextmanager
def storm(bench: Bench, receiver: str = "") -> Iterator[Pair]:
    """A first pass over certificates that have all expired, each told to a webhook on the loopback."""
    corpus, ledger = bench.corpus(), bench.work / "ledger.db"
    with sink() as port:
        configuration = bench.configuration(f"""
certificates: [{{name: fleet, role: client, paths: [{corpus}]}}]
receivers: [{{name: sink, webhook: {{url: "http://127.0.0.1:{port}/"{receiver}}}}}]
route: {{receivers: [sink]}}
""")

        def ours() -> Cost:
            remove_database(ledger)
            cost = bench.scan(configuration, ledger, NOW + 10 * 365 * 86_400)
            with contextlib.closing(sqlite3.connect(ledger)) as connection:
                (told,) = connection.execute("SELECT count(*) FROM deliveries WHERE state = 'delivered'").fetchone()
            if told < 0.9 * bench.certificates:
                raise SystemExit(f"only {told} notices were delivered")
            return cost

        yield Pair(ours, lambda: bench.commit(bench.certificates), "commit a row each", is_long=True)


def storm_batch(bench: Bench) -> contextlib.AbstractContextManager[Pair]:
    """The same with a hundred notices in a message."""
    return storm(bench, receiver=", batch: 100")


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """A server of HTTP that takes whatever it is sent; yields its port."""

    class Taking(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def probe(bench: Bench) -> Iterator[Pair]:
    """Full mTLS handshakes with one server, a client certificate in each, and nothing resumed."""
    paths = {name: bench.work / f"{name}.pem" for name in ("ca", "server", "client")}
    make_pki(bench.work)
    with nginx(bench.work) as port:
        tls = f"{{ca_file: {paths['ca']}, cert_file: {paths['client']}, key_file: {paths['client']}}}"
        endpoints = "\n".join(
            f"  - {{name: e{i}, url: 'https://localhost:{port}/{i}', tls_config: {tls},"
            " without_client_certificate: skip}"
            for i in range(bench.probes))
        configuration = bench.configuration(f"endpoints:\n{endpoints}\n")
        floor = (bench.build / "probe_ssl", bench.probes, 8, port, "/", paths["ca"], paths["client"], paths["client"])
        yield Pair(
            lambda: bench.run(bench.notafter, "probe", "-q", "--config", configuration), lambda: bench.run(*floor),
            "raw OpenSSL, 8 threads")


# Of several hosts, since no more than 64 connections at once go to one.
ADDRESSES = [f"127.0.0.{number}" for number in range(1, 17)]
SLOW_ENDPOINTS = 500
SLOW_SECONDS = 2
# An answer after two seconds, without TLS: nginx stands before it.
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
    """Endpoints that all answer late: a round of them takes as long as one."""
    make_pki(bench.work)
    backend = free_port()
    server = subprocess.Popen([sys.executable, "-c", SLOW_SERVER, str(backend), str(SLOW_SECONDS)])
    try:
        wait_for_connections(backend, server)
        with nginx(bench.work, f"proxy_pass http://127.0.0.1:{backend};") as port:
            entries = endpoint_entries(bench.work, port, SLOW_ENDPOINTS, "without_client_certificate: skip")
            configuration = bench.configuration(f"endpoints:\n{entries}\n")
            yield Pair(
                lambda: bench.run(bench.notafter, "probe", "-q", "--config", configuration),
                lambda: bench.run(tool("sleep"), SLOW_SECONDS), f"{SLOW_SECONDS} s of sleep")
    finally:
        server.terminate()
        server.wait()


WATCHED_ENDPOINTS = 10_000
WATCH_INTERVAL = 60
WATCH_SECONDS = 150


@contextlib.contextmanager
def probe_watch(bench: Bench) -> Iterator[Pair]:
    """The daemon with an interval of its own for each endpoint, on one core: both probes of each, recorded."""
    make_pki(bench.work)
    with nginx(bench.work) as port:
        entries = endpoint_entries(bench.work, port, WATCHED_ENDPOINTS, f"interval: {WATCH_INTERVAL}s").splitlines()
        # In drop-ins, since one file has its limit.
        drop_ins = bench.work / "conf.d"
        drop_ins.mkdir()
        for start in range(0, WATCHED_ENDPOINTS, 1_000):
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
            check_beats(ledger)
            return cost

        handshakes = 2 * WATCHED_ENDPOINTS * WATCH_SECONDS // WATCH_INTERVAL
        client = bench.work / "client.pem"
        floor = (bench.build / "probe_ssl", handshakes, 8, port, "/", bench.work / "ca.pem", client, client)
        yield Pair(ours, lambda: bench.run(*floor), "as many handshakes, raw", is_long=True)


@contextlib.contextmanager
def resident_sizes(argument: str) -> Iterator[list[float]]:
    """MiB of the notafter that has this argument, each half minute while the block lasts."""
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


def check_beats(ledger: pathlib.Path) -> None:
    """Ends the benchmark unless every endpoint was probed at all of its beats, without drift, and let in."""
    with contextlib.closing(sqlite3.connect(ledger)) as database:
        rounds, good, endpoints = database.execute(
            "SELECT COUNT(*), SUM(is_good), COUNT(DISTINCT endpoint) FROM probes").fetchone()
        # A busy machine delays a round by seconds; the next one is due when it would have been anyway.
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
    if endpoints < WATCHED_ENDPOINTS or good < rounds or missed > rounds // 100 or abs(drift) > 2:
        raise SystemExit("the schedule was not kept")


def endpoint_entries(work: pathlib.Path, port: int, count: int, further: str) -> str:
    tls = f"{{ca_file: {work}/ca.pem, cert_file: {work}/client.pem, key_file: {work}/client.pem}}"
    return "\n".join(
        f"  - {{name: e{i}, url: 'https://localhost:{port}/{i}', resolve: [{ADDRESSES[i % len(ADDRESSES)]}], tls_config: {tls}, {further}}}"
        for i in range(count))


def tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise SystemExit(f"{name} is missing")
    return path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def make_pki(directory: pathlib.Path) -> None:
    """A CA, and a server and a client certificate of it, each in one file with its P-256 key."""
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
    """A server that asks for client certificates and resumes no session; yields its port."""
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
    search_path = os.environ["PATH"] + ":/usr/sbin:/sbin"  # Debian keeps nginx where only root looks for commands.
    program = shutil.which("nginx", path=search_path)
    if program is None:
        raise SystemExit("nginx is missing")
    server = subprocess.Popen([program, "-p", work, "-c", work / "nginx.conf", "-e", work / "nginx.log"])
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


WORKLOADS: dict[str, Callable[[Bench], contextlib.AbstractContextManager[Pair]]] = {
    "check": check,
    "scan-first": scan_first,
    "rescan": rescan,
    "decide": decide,
    "forecast": forecast,
    "storm": storm,
    "storm-batch": storm_batch,
    "probe": probe,
    "probe-slow": probe_slow,
    "probe-watch": probe_watch,
}
