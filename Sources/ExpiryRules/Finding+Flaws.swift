import Certificates

extension Finding {
    /// One finding of a registration for all `bearers` of the flaw `code`.
    package init(_ code: FindingCode, in registration: String, place: String, bearers: [FlawBearer]) {
        self.init(
            registration: registration, code: code, place: place, severity: code.severity,
            facts: .flaws(of: bearers))
    }
}
