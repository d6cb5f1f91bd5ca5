"""The workloads with their sizes and targets (docs/decisions/benchmarks.md)."""

import workloads_daemon as daemons
import workloads_delivery as delivery
import workloads_edge as edges
import workloads_probe as probes
import workloads_scan as scans
from measuring import Target, Workload

WORKLOADS: dict[str, Workload] = {
    "start": Workload(daemons.start, "file", (1,), (Target("wall_ms", 8),)),
    "check": Workload(
        scans.check, "certificates", (10_000, 100_000),
        (Target("cpu_ratio", 3), Target("peak_mib", 64), Target("growth", 11))),
    "scan-first": Workload(
        scans.scan_first, "certificates", (10_000, 100_000),
        (Target("cpu_ratio", 2.5), Target("wall_ratio", 1.5), Target("written_mib", 600), Target("growth", 11))),
    "scan-issuer": Workload(scans.scan_issuer, "certificates", (3_000, 10_000), (Target("cpu_s", 2.5),)),
    "rescan": Workload(scans.rescan, "certificates", (10_000, 100_000), (Target("cpu_ratio", 2),)),
    "registrations": Workload(scans.registrations, "registrations", (300, 1_000), (Target("growth", 3.6),)),
    "decide": Workload(
        scans.decide, "certificates", (3_000, 10_000), (Target("cpu_ratio", 12), Target("growth", 3.6))),
    "forecast": Workload(scans.forecast, "certificates", (1_000, 3_000), (Target("growth", 3.6),)),
    "webhooks": Workload(delivery.webhooks, "messages", (3_000, 10_000), (Target("rate", 5_000),)),
    "webhooks-batch": Workload(delivery.webhooks_batch, "notices", (3_000, 10_000), (Target("rate", 20_000),)),
    "storm": Workload(delivery.storm, "notices", (3_000, 10_000), (Target("wall_s", 3), Target("growth", 3.6))),
    "refusals": Workload(delivery.refusals, "messages", (1_000, 3_000), (Target("growth", 3.6),)),
    "silence": Workload(delivery.silence, "deliveries", (1_000, 3_000), (Target("growth", 3.6),)),
    "probe": Workload(probes.probe, "probes", (300, 1_000), (Target("cpu_ratio", 1.25),)),
    "probe-authorities": Workload(probes.probe_authorities, "probes", (300, 1_000), (Target("cpu_ratio", 1.3),)),
    "probe-slow": Workload(probes.probe_slow, "probes", (100, 500), (Target("wall_s", 2.5),)),
    "idle": Workload(daemons.idle, "certificates", (1_000, 10_000), (Target("peak_mib", 45),)),
    "messages": Workload(daemons.messages, "messages", (1_000, 10_000), (Target("peak_mib", 60),)),
    "observe-rate": Workload(edges.observe, "lines", (30_000, 300_000), (Target("rate", 50_000), Target("peak_mib", 64))),
    # The wall time is the 99th percentile of the answers.
    "verify-rate": Workload(edges.verify, "requests", (1_000, 10_000), (Target("wall_ms", 2),)),
    # These take minutes, so they run only when named.
    "probe-watch": Workload(probes.probe_watch, "endpoints", (10_000,)),
}
EVERY_TIME = [name for name in WORKLOADS if name != "probe-watch"]
