import Certificates

/// A certificate or list that has a flaw, as a finding names it.
package struct FlawBearer: Hashable, Sendable {
    package let name: String
    /// The place of the certificate or list.
    package let place: String
    /// The sentence of the flaw.
    package let message: String

    package init(name: String, place: String, message: String) {
        self.name = String(name.prefix(200))
        self.place = place
        self.message = message
    }
}

extension Finding {
    /// How many bearers a finding names.
    static let exampleLimit = 3

    /// One finding of a registration for all `bearers` of the flaw `code`.
    package init(
        _ code: FindingCode, in registration: String, place: String, bearers: [FlawBearer], remedy: String? = nil
    ) {
        self.init(
            code, in: registration, place: place, examples: Array(bearers.prefix(Self.exampleLimit)),
            count: bearers.count, remedy: remedy)
    }

    /// The same for `count` bearers, of which `examples` are named.
    init(
        _ code: FindingCode, in registration: String, place: String, examples: [FlawBearer], count: Int,
        remedy: String?
    ) {
        let names = examples.map { "\"\($0.name)\" (\($0.place)): \($0.message)" }
        let more = count - examples.count
        self.init(
            registration: registration, code: code, place: place, severity: code.severity,
            message: """
                \(names.joined(separator: "; "))\(more > 0 ? "; and \(more) more" : ""). \
                \(remedy ?? code.remedy)
                """)
    }
}
