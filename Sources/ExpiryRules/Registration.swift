import Certificates

/// One entry of the configuration: what is watched, on whose behalf, and when its people want to hear.
///
/// Where to look is no part of it: that is a source (`Scanning`) or an endpoint (`Probing`) of the same name.
package struct Registration: Hashable, Sendable {
    package let name: String
    package let role: Role
    /// The hostnames that a CA is associated with, as at Cloudflare Access.
    package let hostnames: [String]
    /// The name of the registration that holds the CA of these certificates.
    package let issuer: String?
    package let owner: String?
    package let labels: [String: String]
    /// `expired` always follows; the order does not matter.
    package let thresholds: [Threshold]

    package init(
        name: String, role: Role, hostnames: [String] = [], issuer: String? = nil, owner: String? = nil,
        labels: [String: String] = [:], thresholds: [Threshold] = Self.defaultThresholds
    ) {
        self.name = name
        self.role = role
        self.hostnames = hostnames
        self.issuer = issuer
        self.owner = owner
        self.labels = labels
        self.thresholds = thresholds
    }

    /// 30 and 14 days, as Cloudflare notifies its customers.
    package static let defaultThresholds: [Threshold] = [.span(.days(30)), .span(.days(14))]
}
