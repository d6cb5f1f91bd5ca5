import Certificates
import Foundation
import LedgerStorage

/// The probes of an endpoint's last round, as the ledger has them in JSON. A key that is missing is not shown.
struct ReportedProbes: Decodable {
    /// One probe, with a client certificate or without one.
    struct Probe: Decodable {
        struct Timings: Decodable {
            let dns: Int?
            let connect: Int?
            let tls: Int?
            let firstByte: Int?
            let total: Int?

            enum CodingKeys: String, CodingKey {
                case dns, connect, tls, total
                case firstByte = "first_byte"
            }
        }

        let outcome: String?
        let status: Int?
        let alert: Int?
        let alertName: String?
        let httpVersion: String?
        let tlsVersion: String?
        let timings: Timings?
        let peerAddress: String?
        let message: String?
        let rayID: String?

        enum CodingKeys: String, CodingKey {
            case outcome, status, alert, message
            case alertName = "alert_name"
            case httpVersion = "http_version"
            case tlsVersion = "tls_version"
            case timings = "timings_ms"
            case peerAddress = "peer_address"
            case rayID = "ray_id"
        }
    }

    let positive: Probe?
    let negative: Probe?

    /// The probes of a report; none of them if it cannot be read, since a page has more to show than these.
    init(report: String) {
        let read = try? JSONDecoder().decode(Self.self, from: Data(report.utf8))
        (positive, negative) = (read?.positive, read?.negative)
    }
}

extension ReportedProbes.Probe {
    /// The outcome with its status and alert, for a cell.
    var line: String {
        let parts = [
            outcome?.replacing("_", with: " "), status.map { "HTTP \($0)" }, alertName.map { "alert \($0)" },
        ]
        return parts.compactMap(\.self).joined(separator: " · ")
    }

    var phases: PhaseTimings {
        PhaseTimings(
            nameLookup: timings?.dns, connect: timings?.connect, tlsHandshake: timings?.tls,
            firstByte: timings?.firstByte, total: timings?.total ?? 0)
    }

    /// The facts by their names in English.
    var facts: [(name: String, value: String)] {
        [
            ("HTTP status", status.map(String.init)), ("HTTP version", httpVersion), ("TLS version", tlsVersion),
            ("TLS alert", alert.map { "\(alertName ?? "alert") (\($0))" }), ("Address", peerAddress),
            ("Total", timings?.total.map { "\($0) ms" }), ("Message", message), ("Ray ID", rayID),
        ].compactMap { name, value in value.map { (name, $0) } }
    }
}
