import Certificates
import Foundation
import LedgerStorage

/// A page or resource: its path and query, and back. Every filter is part of the address, so that a link can be shared.
package enum PageAddress: Hashable, Sendable {
    case overview
    case certificates(CertificateQuery)
    case certificate(Fingerprint)
    /// The list begins after this name.
    case endpoints(after: String)
    case endpoint(String)
    case deliveries(DeliveryPage.Selection, before: Int64?)
    case silences
    case health
    case styleSheet
    case icon

    /// The paths of all pages and resources, with a parameter in braces.
    package static let routes = [
        "/", "/certificates", "/certificates/{fingerprint}", "/endpoints", "/endpoints/{name}", "/deliveries",
        "/silences", "/health", "/style.css", "/icon.svg",
    ]

    /// Reads a path and a query as they are in a request's target, both still percent-encoded.
    ///
    /// - Returns: nil when there is no such page.
    package init?(path: String, query: String?) {
        let parts = path.split(separator: "/").map { PageQuery.decoded(String($0)) }
        let query = PageQuery(query ?? "")
        switch (parts.first, parts.count) {
        case (nil, _): self = .overview
        case ("certificates", 1): self = .certificates(CertificateQuery(query))
        case ("certificates", 2):
            guard let fingerprint = Fingerprint(hexadecimal: parts[1]) else { return nil }
            self = .certificate(fingerprint)
        case ("endpoints", 1): self = .endpoints(after: query["after"] ?? "")
        case ("endpoints", 2): self = .endpoint(parts[1])
        case ("deliveries", 1):
            let selection = query["state"].flatMap(DeliveryPage.Selection.init) ?? .all
            self = .deliveries(selection, before: query["before"].flatMap { Int64($0) })
        case ("silences", 1): self = .silences
        case ("health", 1): self = .health
        case ("style.css", 1): self = .styleSheet
        case ("icon.svg", 1): self = .icon
        default: return nil
        }
    }

    /// The path and query, relative to the root of the pages, so that a proxy can serve them below any path.
    package var relativePath: String {
        switch self {
        case .overview: "./"
        case .certificates(let query): "certificates" + PageQuery.text(query.parameters)
        case .certificate(let fingerprint): "certificates/\(fingerprint)"
        case .endpoints(let name): "endpoints" + PageQuery.text([("after", name)])
        case .endpoint(let name): "endpoints/\(PageQuery.encoded(name))"
        case .deliveries(let selection, let id):
            "deliveries"
                + PageQuery.text([
                    ("state", selection == .all ? "" : selection.rawValue), ("before", id.map(String.init) ?? ""),
                ])
        case .silences: "silences"
        case .health: "health"
        case .styleSheet: "style.css"
        case .icon: "icon.svg"
        }
    }

    /// The path from this page to the root of the pages.
    var root: String {
        switch self {
        case .certificate, .endpoint: "../"
        case .overview, .certificates, .endpoints, .deliveries, .silences, .health, .styleSheet, .icon: "./"
        }
    }
}
