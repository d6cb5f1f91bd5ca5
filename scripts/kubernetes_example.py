"""deploy/kustomize/example against a stand-in for the API server. See check-kubernetes.py."""

import base64
import datetime
import http.server
import json
import ssl
import subprocess
import threading

import yaml
from kubernetes_objects import configuration_of, fail


class Cluster(http.server.ThreadingHTTPServer):
    """A stand-in for the API server: it serves objects by name to one token, as the given Roles allow."""

    def __init__(self, objects, roles, token, directory):
        super().__init__(("127.0.0.1", 0), ClusterRequest)
        self.objects, self.token = objects, token
        self.granted = {
            (role["metadata"]["namespace"], resource, name)
            for role in roles for rule in role["rules"] if "get" in rule["verbs"]
            for resource in rule["resources"] for name in rule["resourceNames"]
        }
        self.served = set()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(directory / "api.pem", directory / "api.key")
        self.socket = context.wrap_socket(self.socket, server_side=True)


class ClusterRequest(http.server.BaseHTTPRequestHandler):
    """One request to the stand-in."""

    def do_GET(self):
        """Answers with the object, or refuses as the API server does."""
        parts = self.path.strip("/").split("/")
        address = (parts[3], parts[4], parts[5]) if len(parts) == 6 and parts[:3] == ["api", "v1", "namespaces"] else None
        if self.headers.get("Authorization") != f"Bearer {self.server.token}":
            self.answer(401, {"kind": "Status", "reason": "Unauthorized"})
        elif address not in self.server.granted:
            self.answer(403, {"kind": "Status", "reason": "Forbidden"})
        elif address not in self.server.objects:
            self.answer(404, {"kind": "Status", "reason": "NotFound"})
        else:
            self.server.served.add(address)
            self.answer(200, self.server.objects[address])

    def answer(self, status, value):
        """Sends JSON."""
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *arguments):
        """Keeps quiet."""


def issue(directory, name, days, extension):
    """A self-signed certificate and its key, as NAME.pem and NAME.key."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", str(days),
         "-subj", f"/CN={name}", "-addext", extension, "-keyout", directory / f"{name}.key", "-out", directory / f"{name}.pem"],
        check=True, capture_output=True)
    return (directory / f"{name}.pem").read_text(), (directory / f"{name}.key").read_text()


def cluster_objects(directory):
    """What the cluster of the example has, and one object that nobody asked for."""
    def secret(**fields):
        return {"kind": "Secret", "data": {key.replace("_", "."): base64.b64encode(value.encode()).decode()
                                           for key, value in fields.items()}}
    client_ca, _ = issue(directory, "client-ca", 3650, "keyUsage=keyCertSign,cRLSign")
    gateway, gateway_key = issue(directory, "gateway", 9, "subjectAltName=DNS:gate.example.com")
    front_proxy, _ = issue(directory, "front-proxy-ca", 3650, "keyUsage=keyCertSign,cRLSign")
    return {
        ("gateway", "secrets", "client-ca"): secret(ca_crt=client_ca),
        ("gateway", "secrets", "gateway-tls"): secret(tls_crt=gateway, tls_key=gateway_key),
        ("gateway", "secrets", "other"): secret(ca_crt=client_ca),
        ("kube-system", "configmaps", "extension-apiserver-authentication"):
            {"kind": "ConfigMap", "data": {"client-ca-file": client_ca, "requestheader-client-ca-file": front_proxy}},
    }


def check_example(objects, binary, directory):
    """The example reads what its Roles grant, needs all of it, keeps no key, and is told what is refused."""
    issue(directory, "api", 2, "subjectAltName=IP:127.0.0.1")
    (directory / "token").write_text("of-the-service-account\n")
    roles = [manifest for manifest in objects if manifest["kind"] == "Role"]
    cluster = Cluster(cluster_objects(directory), roles, "of-the-service-account", directory)
    threading.Thread(target=cluster.serve_forever, daemon=True).start()

    settings = yaml.safe_load(
        configuration_of(objects)
        .replace("https://kubernetes.default.svc", f"https://127.0.0.1:{cluster.server_port}")
        .replace("/var/run/secrets/kubernetes.io/serviceaccount/token", str(directory / "token"))
        .replace("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt", str(directory / "api.pem"))
    )
    settings["state"] = str(directory / "ledger.db")
    settings["receivers"] = [{"name": "ops", "exec": {"command": ["sh", "-c", f"cat >> {directory}/received"]}}]
    file = directory / "example.yaml"
    file.write_text(yaml.safe_dump(settings))

    def run(*arguments):
        return subprocess.run([binary, *arguments, "--config", file], capture_output=True, text=True)

    # A day before the end of a certificate that lives for nine.
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=8)
    scan = run("scan", "--quiet", "--at", f"{then:%Y-%m-%dT%H:%M:%SZ}", "--state", directory / "ledger.db")
    if scan.returncode != 0:
        fail(f"example: scan ended with {scan.returncode}: {scan.stderr}")
    if cluster.served != cluster.granted:
        fail(f"example: the Roles grant {sorted(cluster.granted)}, and notafter reads {sorted(cluster.served)}")
    listed = {certificate["subject"] for certificate in json.loads(run("list", "--json").stdout)["certificates"]}
    if listed != {"CN=client-ca", "CN=gateway", "CN=front-proxy-ca"}:
        fail(f"example: notafter lists {sorted(listed)}")
    if "CN=gateway" not in (directory / "received").read_text():
        fail("example: no notice of the certificate that expires in a day")
    key = (directory / "gateway.key").read_text().splitlines()[1].encode()
    if any(key in path.read_bytes() for path in [*directory.glob("ledger.db*"), directory / "received"]):
        fail("example: a private key left the Secret")
    # One grant less, and one object more than is granted.
    cluster.granted.discard(("gateway", "secrets", "client-ca"))
    refused = run("check", "--all")
    if refused.returncode not in (2, 3) or "403" not in refused.stdout:
        fail(f"example: a refused object is not reported: {refused.stdout}")
    cluster.shutdown()
