import Certificates
import ExpiryRules

/// Turns the flaws of a registration's certificates and lists into findings, one for each code.
struct FlawReporter {
    let session: any SQLSession
    let registration: String
    let plan: WatchPlan
    let now: Instant

    /// Opens, changes and closes the findings. It returns early if nothing has changed, because its cost grows with the
    /// number of certificates.
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
        // A further object with the flaw is news, even while others have it already.
        let isNews = code.isNewsOfEach && bearers.contains(where: \.isNews)
        return try isNews ? findings.change(to: finding) : findings.open(finding)
    }

    private func close(_ code: FindingCode) throws -> [Int64] {
        try FindingWriter(session: session, plan: plan, now: now)
            .close(registration: registration, code: code, place: registration)
    }
}
