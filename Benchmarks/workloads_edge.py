"""Certificates at edges: what a log reports, and what a server asks before each request."""

import contextlib
import http.client
import json
import pathlib
import subprocess
import time
import urllib.parse
from collections.abc import Iterator

from measuring import Bench, Cost, Pair, free_port, remove_database, tool
from workloads_daemon import resident_mib
from workloads_probe import make_pki

# A busy edge has far more requests than clients.
CLIENTS = 50
REQUESTS_PER_SECOND = 1_000
CONNECTIONS = 4


def clients(directory: pathlib.Path) -> list[str]:
    """Client certificates in PEM, all of one key."""
    make_pki(directory)
    found = []
    for number in range(CLIENTS):
        command = (
            "openssl", "req", "-x509", "-key", "client.key", "-subj", f"/CN=client-{number}", "-days", "90",
            "-CA", "ca.pem", "-CAkey", "ca.pem", "-addext", "basicConstraints=critical,CA:FALSE",
            "-addext", "extendedKeyUsage=clientAuth")
        found.append(subprocess.run(command, cwd=directory, check=True, capture_output=True, text=True).stdout)
    return found


def escaped(pem: str) -> str:
    """As `$ssl_client_escaped_cert` of nginx."""
    return urllib.parse.quote(pem, safe="")


@contextlib.contextmanager
def observe(bench: Bench) -> Iterator[Pair]:
    """Reads a log of JSON lines with whole certificates."""
    log, ledger = bench.work / "edge.json", bench.work / "edge.db"
    now = int(time.time())
    lines = [
        json.dumps({
            "time": now, "host": "api.example.com", "status": 200, "request": "GET /v1/items HTTP/1.1",
            "ssl_client_verify": "SUCCESS", "ssl_client_escaped_cert": escaped(pem)}) + "\n"
        for pem in clients(bench.work)
    ]
    with log.open("w") as file:
        for number in range(bench.size):
            file.write(lines[number % CLIENTS])
    configuration = bench.configuration("observed: {}\n")

    def ours() -> Cost:
        remove_database(ledger)
        return bench.run(
            bench.notafter, "observe", "--quiet", "--config", configuration, "--state", ledger, "--log", log)

    yield Pair(ours, lambda: bench.run(tool("wc"), "-l", log), "wc -l")


@contextlib.contextmanager
def verify(bench: Bench) -> Iterator[Pair]:
    """Asks the daemon about client certificates at a steady rate. The wall time is the 99th percentile of the answers."""
    values = [escaped(pem) for pem in clients(bench.work)]
    ledger, port = bench.work / "verify.db", free_port()
    configuration = bench.configuration(
        f"""
certificates: [{{name: partner-ca, role: ca, paths: [{bench.work}/ca.crt]}}]
listen: 127.0.0.1:{port}
""")

    def ours() -> Cost:
        remove_database(ledger)
        bench.run(bench.notafter, "scan", "--config", configuration, "--state", ledger)
        daemon = subprocess.Popen(
            [bench.notafter, "run", "--quiet", "--config", configuration, "--state", ledger],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            latencies = ask(port, values, bench.size)
            times = pathlib.Path(f"/proc/{daemon.pid}/stat").read_text().rsplit(") ", 1)[1].split()
            # utime and stime, in hundredths (proc_pid_stat(5)).
            cpu = (int(times[11]) + int(times[12])) / 100
            return Cost(latencies[len(latencies) * 99 // 100], cpu, resident_mib(daemon.pid))
        finally:
            daemon.terminate()
            daemon.wait()

    yield Pair(ours, lambda: bench.run(tool("true")), "a C program that does nothing", is_long=True)


def ask(port: int, values: list[str], count: int) -> list[float]:
    """Sends requests at their due times over a few connections, and returns the sorted durations of the answers."""
    connections = [http.client.HTTPConnection("127.0.0.1", port) for _ in range(CONNECTIONS)]
    wait_until_ready(port)
    durations = []
    begin = time.monotonic()
    for number in range(count):
        due = begin + number / REQUESTS_PER_SECOND
        while (rest := due - time.monotonic()) > 0:
            time.sleep(rest)
        connection = connections[number % CONNECTIONS]
        start = time.monotonic()
        connection.request(
            "GET", "/api/v1/verify?registration=partner-ca", headers={"X-Client-Cert": values[number % CLIENTS]})
        answer = connection.getresponse()
        answer.read()
        durations.append(time.monotonic() - start)
        if answer.status != 204:
            raise SystemExit(f"verify answers {answer.status}: {answer.getheader('X-Notafter-Reason')}")
    return sorted(durations)


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(ConnectionRefusedError):
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", "/-/ready")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.05)
    raise SystemExit("the daemon does not become ready")
