#!/usr/bin/python3
"""Checks deploy/helm and deploy/kustomize without a cluster. Called by `make check-kubernetes`.

    scripts/check-kubernetes.py BINARY

The chart is linted and rendered by Helm's own library, and the kustomizations are built by kubectl or kustomize, where there
is one. Each manifest must meet the schemas of the oldest and the newest supported Kubernetes, refer to objects that there are,
and meet the restricted Pod Security Standard. BINARY must accept each configuration. Then it reads the objects of
deploy/kustomize/example from a stand-in for the API server that grants what the example's Roles grant, and no more.
"""

import base64
import contextlib
import datetime
import http.server
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHART = ROOT / "deploy/helm/notafter"
KUSTOMIZE = ROOT / "deploy/kustomize"


def tool(name):
    """Makes the Python packages of a tool importable."""
    directory = subprocess.run([ROOT / "scripts/python-tool.sh", name], check=True, capture_output=True, text=True).stdout
    sys.path.insert(0, directory.strip())


# kubernetes-validate brings the YAML reader that all of this uses.
tool("helm")
tool("kubernetes")
import helm_python  # noqa: E402
import kubernetes_validate  # noqa: E402
import yaml  # noqa: E402

# What Chart.yaml's kubeVersion begins with, and the newest one that the schemas know.
VERSIONS = ["1.25", kubernetes_validate.latest_version()]
# Objects that are made elsewhere: by Kubernetes in each namespace, or by whoever follows the documents.
ELSEWHERE = {
    ("ConfigMap", "kube-root-ca.crt"), ("Secret", "notafter-credentials"), ("Secret", "watch-notafter-credentials"),
    ("Secret", "partner-ca"), ("PersistentVolumeClaim", "ledger"),
}
REJECTED_VALUES = [
    {"mode": "sometimes"}, {"schedule": "35 *"}, {"config": {"certificates": None}}, {"nonsense": 1},
    {"credentials": {"existingSecret": "a", "files": {"b": "c"}}}, {"readableObjects": [{"namespace": "a"}]},
    {"persistence": {"size": "much"}},
]


def fail(message):
    """Ends the check."""
    raise SystemExit(f"check-kubernetes: {message}")


def chart_sets():
    """The chart's manifests with its own values and with those of each file in ci/, by name."""
    report = helm_python.lint(CHART, strict=True)
    complaints = [message for message in report["messages"] if message["severity"] >= 2]
    if complaints or report["errors"]:
        fail(f"helm lint: {complaints or report['errors']}")
    with helm_python.Chart.load(CHART) as chart:
        if chart.metadata["appVersion"] != chart.version:
            fail("Chart.yaml: version and appVersion differ")
        for values in REJECTED_VALUES:
            with contextlib.suppress(helm_python.HelmValuesError):
                chart.render(values, name="watch", namespace="notafter")
                fail(f"values.schema.json accepts {values}")
        for file in [None, *sorted((CHART / "ci").glob("*.yaml"))]:
            rendered = chart.render(yaml.safe_load(file.read_text()) if file else {}, name="watch", namespace="notafter")
            texts = [text for name, text in rendered.items() if name.endswith(".yaml")]
            yield f"chart with {file.name if file else 'its own values'}", manifests("\n---\n".join(texts))


def kustomize_sets():
    """The manifests of each kustomization that is built for use, by name."""
    command = next(([path, *words] for name, words in [("kubectl", ["kustomize"]), ("kustomize", ["build"])]
                    if (path := shutil.which(name))), None)
    if command is None:
        print("kustomizations were not built: neither kubectl nor kustomize is installed", file=sys.stderr)
        return
    for directory in ["daemon", "cronjob", "example"]:
        built = subprocess.run([*command, KUSTOMIZE / directory], capture_output=True, text=True)
        if built.returncode != 0:
            fail(f"deploy/kustomize/{directory}: {built.stderr}")
        yield f"kustomization {directory}", manifests(built.stdout)


def manifests(text):
    """The objects of a stream of YAML documents."""
    return [document for document in yaml.safe_load_all(text) if document]


def pod_of(manifest):
    """The pod's specification of a Deployment or a CronJob; None for other kinds."""
    match manifest["kind"]:
        case "Deployment":
            return manifest["spec"]["template"]["spec"]
        case "CronJob":
            return manifest["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        case _:
            return None


def check_schema(name, objects):
    """Each object meets the schemas of Kubernetes, without unknown fields."""
    for manifest in objects:
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(manifest, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                fail(f"{name}: {manifest['kind']} {manifest['metadata']['name']}, Kubernetes {version}: {error.message}")


def check_pod(name, objects):
    """The one pod is restricted, and what it mounts and runs as exists."""
    pods = [pod for pod in map(pod_of, objects) if pod]
    if len(pods) != 1:
        fail(f"{name}: {len(pods)} workloads, not one")
    pod, (container,) = pods[0], pods[0]["containers"]
    context, own = pod["securityContext"], container["securityContext"]
    if not (context["runAsNonRoot"] and context["seccompProfile"]["type"] == "RuntimeDefault" and context["fsGroup"]
            and own["readOnlyRootFilesystem"] and own["allowPrivilegeEscalation"] is False
            and own["capabilities"] == {"drop": ["ALL"]}):
        fail(f"{name}: the pod does not meet the restricted Pod Security Standard")
    existing = {(manifest["kind"], manifest["metadata"]["name"]) for manifest in objects} | ELSEWHERE
    wanted = {("ServiceAccount", pod["serviceAccountName"])}
    for volume in pod["volumes"]:
        wanted |= {("ConfigMap", volume[key]["name"]) for key in ["configMap"] if key in volume}
        wanted |= {("Secret", volume[key]["secretName"]) for key in ["secret"] if key in volume}
        wanted |= {("PersistentVolumeClaim", volume[key]["claimName"]) for key in ["persistentVolumeClaim"] if key in volume}
    if wanted - existing:
        fail(f"{name}: the pod needs {sorted(wanted - existing)}")
    mounted, volumes = {mount["name"] for mount in container["volumeMounts"]}, {volume["name"] for volume in pod["volumes"]}
    if mounted != volumes:
        fail(f"{name}: volumes {sorted(volumes)}, mounted {sorted(mounted)}")


def configuration_of(objects):
    """The text of notafter.yaml in the set's ConfigMap."""
    return next(manifest["data"]["notafter.yaml"] for manifest in objects if manifest["kind"] == "ConfigMap")


def check_configuration(name, objects, binary, directory):
    """The command accepts the configuration; files that only the pod has are warnings."""
    file = directory / "notafter.yaml"
    file.write_text(configuration_of(objects))
    outcome = subprocess.run([binary, "config", "validate", "--json", "--config", file], capture_output=True, text=True)
    if not json.loads(outcome.stdout)["valid"]:
        fail(f"{name}: {outcome.stdout}")


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


def main():
    """Runs every check."""
    binary = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        sets = {**dict(chart_sets()), **dict(kustomize_sets())}
        for name, objects in sets.items():
            check_schema(name, objects)
            check_pod(name, objects)
            check_configuration(name, objects, binary, directory)
        example = sets.get("kustomization example")
        if example is None:
            files = ["rbac.yaml", "workload/notafter.yaml"]
            rbac, settings = [(KUSTOMIZE / "example" / file).read_text() for file in files]
            example = [*manifests(rbac), {"kind": "ConfigMap", "data": {"notafter.yaml": settings}}]
        check_example(example, binary, directory)
    print(f"kubernetes: {', '.join(sets)} are valid for Kubernetes {' and '.join(VERSIONS)}; the example reads what its Roles grant")


if __name__ == "__main__":
    main()
