"""The proxy of the metrics, with a daemon behind it. See check-kubernetes.py."""

import http.client
import os
import pathlib
import shutil
import subprocess
import time

import yaml
from kubernetes_objects import fail

ROOT = pathlib.Path(__file__).resolve().parent.parent


def fetch(port, method, path):
    """The status and the text of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def check_proxy(objects, binary, directory):
    """nginx with the configuration of the ConfigMap serves the metrics of the daemon, and nothing else."""
    proxy = next(manifest["data"]["default.conf"] for manifest in objects
                 if manifest["kind"] == "ConfigMap" and "default.conf" in manifest["data"])
    ports = subprocess.run([ROOT / "demo/free_ports.py", "2"], check=True, capture_output=True, text=True).stdout.split()
    settings = {"state": str(directory / "proxied.db"), "listen": f"127.0.0.1:{ports[0]}",
                "certificates": [{"name": "api", "role": "server", "paths": [str(directory / "api.pem")]}]}
    (directory / "proxied.yaml").write_text(yaml.safe_dump(settings))
    (directory / "nginx.conf").write_text(
        f"pid {directory}/nginx.pid; error_log stderr; daemon off; master_process off; events {{}}\nhttp {{ "
        + " ".join(f"{kind}_temp_path {directory};" for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
        + proxy.replace("9794", f"127.0.0.1:{ports[1]}").replace("9793", ports[0]) + "}")
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    commands = [[binary, "run", "--config", directory / "proxied.yaml"], [nginx, "-p", directory, "-c", directory / "nginx.conf"]]
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for command in commands]
    try:
        ready = [binary, "healthcheck", "--ready", "--quiet", "--config", directory / "proxied.yaml"]
        deadline = time.monotonic() + 60
        while subprocess.run(ready, capture_output=True).returncode != 0:
            if time.monotonic() > deadline or any(process.poll() is not None for process in running):
                fail("the daemon or nginx does not start")
            time.sleep(0.1)
        status, text = fetch(int(ports[1]), "GET", "/metrics")
        if status != 200 or "notafter_last_good_pass_timestamp_seconds" not in text:
            fail(f"the proxy answers {status}: {text[:200]}")
        others = [fetch(int(ports[1]), *request)[0] for request in [("GET", "/healthz"), ("POST", "/metrics"), ("GET", "/")]]
        if others != [404, 403, 404]:
            fail(f"the proxy serves more than metrics: {others}")
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=30)
