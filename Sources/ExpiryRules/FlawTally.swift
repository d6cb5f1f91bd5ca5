import Certificates

/// How many certificates and lists have each flaw, with the few that a finding names.
package struct FlawTally: Sendable {
    private var bearers: [FindingCode: (examples: [FlawBearer], count: Int)] = [:]

    package init() {}

    package mutating func add(_ code: FindingCode, _ bearer: @autoclosure () -> FlawBearer) {
        var known = bearers[code] ?? ([], 0)
        known.count += 1
        if known.examples.count < Finding.exampleLimit { known.examples.append(bearer()) }
        bearers[code] = known
    }

    /// What is to be told of them.
    ///
    /// - Parameters:
    ///   - registration: whose they are.
    ///   - remedy: what to do about a code; nil for what is usual.
    /// - Returns: one finding a code, in the order of the codes.
    package func findings(in registration: String, remedy: (FindingCode) -> String?) -> [Finding] {
        FindingCode.allCases.compactMap { code in
            bearers[code].map { bearers in
                Finding(
                    code, in: registration, place: registration, examples: bearers.examples, count: bearers.count,
                    remedy: remedy(code))
            }
        }
    }
}
