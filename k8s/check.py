"""Checks rendered manifests for what schemas cannot say: references, selectors, probes, and the restricted profile.

Usage: check.py RENDERED [MORE …]; objects of the further files may be referred to.
"""

import sys

import yaml


def load(path):
    with open(path, encoding="utf-8") as file:
        return [document for document in yaml.safe_load_all(file) if document]


def pod_of(document):
    """The pod template of a workload, or None."""
    if document["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job"):
        return document["spec"]["template"]
    return None


def name_of(document):
    metadata = document["metadata"]
    return f"{document['kind']}/{metadata.get('name', metadata.get('generateName'))}"


def selects(selector, labels):
    return all(labels.get(key) == value for key, value in selector.items())


def check_container(container, pod_security, is_service):
    security = container.get("securityContext", {})
    if security.get("allowPrivilegeEscalation") is not False:
        yield "allowPrivilegeEscalation must be false"
    if security.get("readOnlyRootFilesystem") is not True:
        yield "readOnlyRootFilesystem must be true"
    if security.get("capabilities", {}).get("drop") != ["ALL"]:
        yield "all capabilities must be dropped"
    if not (security.get("runAsNonRoot") or pod_security.get("runAsNonRoot")):
        yield "runAsNonRoot must be true"
    seccomp = security.get("seccompProfile") or pod_security.get("seccompProfile", {})
    if seccomp.get("type") != "RuntimeDefault":
        yield "seccompProfile must be RuntimeDefault"
    resources = container.get("resources", {})
    if not {"cpu", "memory"} <= set(resources.get("requests", {})) or "memory" not in resources.get("limits", {}):
        yield "requests for cpu and memory and a memory limit are needed"
    image = container["image"]
    if ":" not in image.rsplit("/", 1)[-1] or image.endswith(":latest"):
        yield f"image {image} is not pinned"
    ports = {port["name"] for port in container.get("ports", [])}
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        if is_service and probe not in container:
            yield f"{probe} is missing"
        action = container.get(probe, {}).get("httpGet") or container.get(probe, {}).get("tcpSocket")
        if action and action["port"] not in ports:
            yield f"{probe} names no port of the container"
    if is_service and container.get("livenessProbe", {}).get("httpGet", {}).get("path") == "/readyz":
        yield "liveness must not depend on Redis or PostgreSQL"


def check_pod(document, known):
    template = pod_of(document)
    spec = template["spec"]
    is_service = document["kind"] != "Job"
    if spec.get("automountServiceAccountToken") is not False:
        yield "automountServiceAccountToken must be false"
    if is_service and "terminationGracePeriodSeconds" not in spec:
        yield "terminationGracePeriodSeconds is missing"
    if is_service and not selects(document["spec"]["selector"]["matchLabels"], template["metadata"]["labels"]):
        yield "the selector does not match the pod's labels"
    account = spec.get("serviceAccountName")
    if account and ("ServiceAccount", account) not in known:
        yield f"service account {account} does not exist"
    claims = {claim["metadata"]["name"] for claim in document["spec"].get("volumeClaimTemplates", [])}
    volumes = {volume["name"] for volume in spec.get("volumes", [])} | claims
    for volume in spec.get("volumes", []):
        claim = volume.get("persistentVolumeClaim", {}).get("claimName")
        if claim and ("PersistentVolumeClaim", claim) not in known:
            yield f"claim {claim} does not exist"
    for container in spec["containers"]:
        for problem in check_container(container, spec.get("securityContext", {}), is_service):
            yield f"{container['name']}: {problem}"
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                yield f"{container['name']}: volume {mount['name']} does not exist"
        for source in container.get("envFrom", []):
            if ("ConfigMap", source["configMapRef"]["name"]) not in known:
                yield f"{container['name']}: config map {source['configMapRef']['name']} does not exist"


def check(document, documents, known):
    kind = document["kind"]
    if kind == "Secret":
        yield "secrets do not belong into manifests"
    if pod_of(document):
        yield from check_pod(document, known)
    if kind in ("Service", "PodDisruptionBudget"):
        selector = document["spec"]["selector"]
        selector = selector if kind == "Service" else selector["matchLabels"]
        pods = [pod_of(other) for other in documents if pod_of(other)]
        chosen = [pod for pod in pods if selects(selector, pod["metadata"]["labels"])]
        if not chosen:
            yield "selects no pod"
        ports = {port["name"] for pod in chosen for box in pod["spec"]["containers"] for port in box.get("ports", [])}
        for port in document["spec"].get("ports", []):
            if port["targetPort"] not in ports:
                yield f"port {port['targetPort']} does not exist"
    if kind not in ("Namespace",) and document["metadata"].get("namespace") != "groundswell":
        yield "is not in the namespace groundswell"


def main():
    documents = load(sys.argv[1])
    known = {
        (document["kind"], document["metadata"].get("name"))
        for path in sys.argv[1:]
        for document in load(path)
    }
    problems = [
        f"{name_of(document)}: {problem}" for document in documents for problem in check(document, documents, known)
    ]
    for problem in problems:
        print(f"k8s: {problem}", file=sys.stderr)
    if problems:
        sys.exit(1)
    print(f"checked {len(documents)} objects")


main()
