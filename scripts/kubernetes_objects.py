"""What the checks of deploy/helm and deploy/kustomize share. See check-kubernetes.py."""


def fail(message):
    """Ends the check."""
    raise SystemExit(f"check-kubernetes: {message}")


def configuration_of(objects):
    """The text of notafter.yaml in the set's ConfigMap."""
    return next(manifest["data"]["notafter.yaml"] for manifest in objects
                if manifest["kind"] == "ConfigMap" and "notafter.yaml" in manifest["data"])
