import Certificates
import ExpiryRules

/// Turns the flaws of a registration's certificates and lists into its findings: one for each code, whoever has it.
struct FlawReporter {
    let session: any SQLSession
    let registration: String
    let plan: WatchPlan
    let now: Instant

    /// Nothing to report where nothing has changed: what it costs follows the number of certificates.
    func report() throws -> [Int64] {
        guard try session.unreported.clear(registration) else { return [] }
        try session.flaws.recordDuplicates(in: registration)
        let present = try session.flaws.codes(in: registration)
        let codes = FindingCode.all(about: .certificate) + FindingCode.all(about: .revocationList)
        let noticeIDs = try codes.flatMap { code in try present.contains(code) ? open(code) : close(code) }
        try session.flaws.markReported(in: registration)
        return noticeIDs
    }

    private func open(_ code: FindingCode) throws -> [Int64] {
        let bearers = try FlawReader(session: session).bearers(of: code, in: registration)
        let finding = Finding(code, in: registration, place: registration, bearers: bearers.map(\.bearer))
        let findings = FindingWriter(session: session, plan: plan, now: now)
        // Another one that has the flaw is news, also while others have it still.
        let isNews = code.isNewsOfEach && bearers.contains(where: \.isNews)
        return try isNews ? findings.change(to: finding) : findings.open(finding)
    }

    private func close(_ code: FindingCode) throws -> [Int64] {
        try FindingWriter(session: session, plan: plan, now: now)
            .close(registration: registration, code: code, place: registration)
    }
}
