#!/usr/bin/python3
"""Checks deploy/helm and deploy/kustomize without a cluster. Called by `make check-kubernetes`.

    scripts/check-kubernetes.py BINARY

The chart is linted and rendered by Helm's own library, and the kustomizations are built by kubectl or kustomize, where there
is one. Each manifest must meet the schemas of the oldest and the newest supported Kubernetes, refer to objects that there are,
and meet the restricted Pod Security Standard. BINARY must accept each configuration. Then it reads the objects of
deploy/kustomize/example from a stand-in for the API server that grants what the example's Roles grant, and no more, and nginx
serves the metrics of a daemon with the configuration of the proxy.
"""

import contextlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
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
from kubernetes_example import check_example  # noqa: E402
from kubernetes_objects import configuration_of, fail  # noqa: E402
from kubernetes_proxy import check_proxy  # noqa: E402

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
    {"persistence": {"size": "much"}}, {"metrics": {"enabled": True}, "mode": "cronjob"},
    {"metrics": {"enabled": True}, "config": {"listen": None}}, {"metrics": {"serviceMonitor": {"enabled": True}}},
]
# Custom resources of the Prometheus Operator, for whose schemas there is no package.
CUSTOM = {"ServiceMonitor", "PrometheusRule"}
RULES = ROOT / "deploy/prometheus/notafter.rules.yaml"


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
    for manifest in [manifest for manifest in objects if manifest["kind"] not in CUSTOM]:
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
    pod, context = pods[0], pods[0]["securityContext"]
    restricted = context["runAsNonRoot"] and context["seccompProfile"]["type"] == "RuntimeDefault" and context["fsGroup"]
    for own in [container["securityContext"] for container in pod["containers"]]:
        restricted = (restricted and own["readOnlyRootFilesystem"] and own["allowPrivilegeEscalation"] is False
                      and own["capabilities"] == {"drop": ["ALL"]})
    if not restricted:
        fail(f"{name}: the pod does not meet the restricted Pod Security Standard")
    existing = {(manifest["kind"], manifest["metadata"]["name"]) for manifest in objects} | ELSEWHERE
    wanted = {("ServiceAccount", pod["serviceAccountName"])}
    for volume in pod["volumes"]:
        wanted |= {("ConfigMap", volume[key]["name"]) for key in ["configMap"] if key in volume}
        wanted |= {("Secret", volume[key]["secretName"]) for key in ["secret"] if key in volume}
        wanted |= {("PersistentVolumeClaim", volume[key]["claimName"]) for key in ["persistentVolumeClaim"] if key in volume}
    if wanted - existing:
        fail(f"{name}: the pod needs {sorted(wanted - existing)}")
    mounted = {mount["name"] for container in pod["containers"] for mount in container["volumeMounts"]}
    volumes = {volume["name"] for volume in pod["volumes"]}
    if mounted != volumes:
        fail(f"{name}: volumes {sorted(volumes)}, mounted {sorted(mounted)}")


def check_metrics(name, objects):
    """A ServiceMonitor leads over the Service to a port of the pod, and the rules are those of deploy/prometheus."""
    kinds = {manifest["kind"]: manifest for manifest in objects}
    if not CUSTOM & set(kinds):
        return
    service, deployment = kinds["Service"], kinds["Deployment"]
    wanted = kinds["ServiceMonitor"]["spec"]["selector"]["matchLabels"].items()
    labels = deployment["spec"]["template"]["metadata"]["labels"].items()
    if not wanted <= service["metadata"]["labels"].items() or not service["spec"]["selector"].items() <= labels:
        fail(f"{name}: the ServiceMonitor does not find the Service, or the Service not the pod")
    ports = {port["name"]: port["targetPort"] for port in service["spec"]["ports"]}
    targets = {ports.get(endpoint["port"]) for endpoint in kinds["ServiceMonitor"]["spec"]["endpoints"]}
    offered = {port["name"] for container in pod_of(deployment)["containers"] for port in container.get("ports", [])}
    if not targets <= offered:
        fail(f"{name}: scrapes {targets}, and the pod has {offered}")
    if kinds["PrometheusRule"]["spec"] != yaml.safe_load(RULES.read_text()):
        fail(f"{name}: the rules differ from {RULES.relative_to(ROOT)}")


def check_configuration(name, objects, binary, directory):
    """The command accepts the configuration; files that only the pod has are warnings."""
    file = directory / "notafter.yaml"
    file.write_text(configuration_of(objects))
    outcome = subprocess.run([binary, "config", "validate", "--json", "--config", file], capture_output=True, text=True)
    if not json.loads(outcome.stdout)["valid"]:
        fail(f"{name}: {outcome.stdout}")


def main():
    """Runs every check."""
    binary = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        sets = {**dict(chart_sets()), **dict(kustomize_sets())}
        for name, objects in sets.items():
            check_schema(name, objects)
            check_pod(name, objects)
            check_metrics(name, objects)
            check_configuration(name, objects, binary, directory)
        example = sets.get("kustomization example")
        if example is None:
            files = ["rbac.yaml", "workload/notafter.yaml"]
            rbac, settings = [(KUSTOMIZE / "example" / file).read_text() for file in files]
            example = [*manifests(rbac), {"kind": "ConfigMap", "data": {"notafter.yaml": settings}}]
        check_example(example, binary, directory)
        check_proxy(sets["chart with metrics-values.yaml"], binary, directory)
        if (KUSTOMIZE / "metrics/default.conf").read_text() != (CHART / "files/nginx.conf").read_text():
            fail("deploy/helm and deploy/kustomize have different proxies")
    print(f"kubernetes: {', '.join(sets)} are valid for Kubernetes {' and '.join(VERSIONS)}; the example reads what its Roles grant")


if __name__ == "__main__":
    main()
