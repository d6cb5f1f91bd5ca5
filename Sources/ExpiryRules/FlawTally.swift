import Certificates

/// Counts the certificates and lists with each flaw, and keeps the few that a finding names.
package struct FlawTally: Sendable {
    private var bearers: [FindingCode: (examples: [FlawBearer], count: Int)] = [:]

    package init() {}

    package mutating func add(_ code: FindingCode, _ bearer: @autoclosure () -> FlawBearer) {
        var known = bearers[code] ?? ([], 0)
        known.count += 1
        if known.examples.count < FindingFacts.exampleLimit { known.examples.append(bearer()) }
        bearers[code] = known
    }

    /// The findings for the counted flaws.
    ///
    /// - Parameters:
    ///   - registration: the registration of the certificates and lists.
    ///   - remedy: the remedy for a code; nil for the usual one.
    /// - Returns: one finding for each code, in the order of the codes.
    package func findings(in registration: String, remedy: (FindingCode) -> String?) -> [Finding] {
        FindingCode.allCases.compactMap { code in
            bearers[code].map { bearers in
                var finding = Finding(
                    registration: registration, code: code, place: registration, severity: code.severity,
                    facts: .flaws(examples: bearers.examples, count: bearers.count))
                finding.ownRemedy = remedy(code)
                return finding
            }
        }
    }
}
