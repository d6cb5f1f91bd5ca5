import Certificates
import Configuration
import ExpiryRules
import LedgerStorage
import OpenSSLBinding
import Verification

/// Verifies the certificates and lists of registrations against the CAs that the ledger knows. It is the step between
/// observing and deciding.
///
/// A verdict is valid until its grounds change (the CAs, the lists, the expectations) or until the time that it names,
/// so a pass verifies only what is new or due.
struct Verifier {
    /// How many certificates are loaded at a time.
    private static let pageSize = 500

    let ledger: Ledger
    let plan: WatchPlan
    let expectations: [String: RegistrationExpectations]
    let time: any TimeSource
    var progress = WorkProgress()

    /// - Returns: the ids of the notices that were decided.
    func verify(while shouldGoOn: @Sendable () -> Bool) async throws -> [Int64] {
        progress.begin(.verifying)
        return try await verify(plan.registrations, while: shouldGoOn)
    }

    /// Verifies some of the plan's registrations.
    ///
    /// - Returns: the ids of the notices that were decided.
    func verify(
        _ registrations: [Registration], by cache: RuleCache? = nil,
        while shouldGoOn: @Sendable () -> Bool = { true }
    ) async throws -> [Int64] {
        var noticeIDs: [Int64] = []
        for registration in registrations where shouldGoOn() {
            noticeIDs += try await verify(registration, by: cache)
        }
        if shouldGoOn() {
            noticeIDs += try await ledger.concludeJudgements(
                of: registrations.map(\.name), plan: plan, at: time.now)
        }
        for registration in registrations where registration.role == .ca && shouldGoOn() {
            noticeIDs += try await ledger.retireAuthorities(of: registration.name, plan: plan, at: time.now)
        }
        return noticeIDs
    }

    /// Verifies again what time alone may have changed. A forecast does so from one due time to the next. The cost
    /// depends on what is due, not on what is registered.
    ///
    /// - Returns: the ids of the notices that were decided.
    func review(_ registrations: [Registration], by cache: RuleCache) async throws -> [Int64] {
        var noticeIDs: [Int64] = []
        for registration in registrations {
            let grounds = try await grounds(of: registration)
            let context = try context(of: registration, grounds, at: time.now)
            let due = try await ledger.dueForReview(in: registration.name, at: time.now)
            noticeIDs += try await verify(due, of: registration, grounds, context, by: cache)
            noticeIDs += try await ledger.concludeReview(of: registration.name, plan: plan, at: time.now)
        }
        // The verdicts on other certificates can show that a successor has replaced a CA.
        for registration in plan.registrations where registration.role == .ca {
            noticeIDs += try await ledger.retireAuthorities(of: registration.name, plan: plan, at: time.now)
        }
        return noticeIDs
    }

    /// The grounds for the verdicts on a registration's certificates and lists.
    private struct Grounds {
        let anchors: [Fingerprint]
        let intermediates: [Fingerprint]
        /// The CAs, besides the anchors, that may have signed the lists.
        let listAuthorities: [Fingerprint]
        let lists: [Fingerprint]
    }

    private func verify(_ registration: Registration, by cache: RuleCache?) async throws -> [Int64] {
        let now = time.now
        let grounds = try await grounds(of: registration)
        let context = try context(of: registration, grounds, at: now)
        let unverified = try await ledger.unverified(in: registration.name, by: context, at: now)
        return try await verify(unverified, of: registration, grounds, context, by: cache)
    }

    /// Verifies the given objects, page by page.
    private func verify(
        _ unverified: [UnverifiedObject], of registration: Registration, _ grounds: Grounds, _ context: [UInt8],
        by cache: RuleCache?
    ) async throws -> [Int64] {
        guard !unverified.isEmpty else { return [] }
        progress.expect(unverified.count)
        let now = time.now
        let rules: RegistrationVerifier
        if let known = cache?.rules(of: registration.name, in: context) {
            rules = known
        } else {
            rules = try await self.rules(for: registration, grounds)
            cache?.keep(rules, of: registration.name, in: context)
        }
        var noticeIDs: [Int64] = []
        for start in stride(from: 0, to: unverified.count, by: Self.pageSize) {
            let page = try await ledger.encoded(unverified[start..<min(start + Self.pageSize, unverified.count)])
            let known = try await certificatesOfListIssuers(in: page)
            let judgements = try page.map { encoded in
                Judgement(encoded.object.fingerprint, try rules.verdict(on: encoded, revoking: known, at: now))
            }
            noticeIDs += try await ledger.record(
                judgements, of: registration.name, by: context, plan: plan, at: now)
            progress.advance(by: page.count)
        }
        return noticeIDs
    }

    /// The certificates that the lists of a page may revoke, by issuer.
    private func certificatesOfListIssuers(in page: [EncodedObject]) async throws -> [String: [Certificate]] {
        var known: [String: [Certificate]] = [:]
        for issuer in Set(page.compactMap(\.object.revocationList?.issuer)) {
            known[issuer] = try await ledger.certificates(issuedBy: issuer)
        }
        return known
    }

    private func grounds(of registration: Registration) async throws -> Grounds {
        let grounds = VerificationGrounds(of: registration, in: plan)
        return Grounds(
            anchors: try await ledger.support(.authorities, of: grounds.anchors),
            intermediates: try await ledger.support(.authorities, of: grounds.intermediates),
            listAuthorities: try await ledger.support(.authorities, of: grounds.listAuthorities),
            lists: try await ledger.support(.revocationLists, of: grounds.lists))
    }

    /// A digest of all grounds of a verdict besides the certificate and the time.
    private func context(of registration: Registration, _ grounds: Grounds, at now: Instant) throws -> [UInt8] {
        let expected = expectations[registration.name] ?? RegistrationExpectations()
        var parts = [
            registration.role.rawValue, String(registration.checksRevocation), expected.commonName?.text ?? "-",
            registration.profile?.rawValue ?? "-", expected.keyFile ?? "-",
            // The ledger stores nothing of a key, not even a digest, so its file is read again in each pass.
            expected.keyFile == nil ? "" : String(now.seconds),
            "security level \(expected.securityLevel.rawValue)",
            // The form in which flaws are stored. A ledger with an earlier one is verified again.
            "facts 1",
        ]
        for kind in WatchedObject.Kind.allCases {
            parts += registration.thresholds(for: kind).map(\.description) + ["thresholds"]
        }
        parts += expected.alternativeNames
        let supports = [
            ("anchors", grounds.anchors), ("intermediates", grounds.intermediates),
            ("list authorities", grounds.listAuthorities), ("lists", grounds.lists),
        ]
        for (name, fingerprints) in supports { parts += [name] + fingerprints.map(\.description) }
        return try SHA256().digest(Array(parts.joined(separator: "\0").utf8))
    }

    private func rules(for registration: Registration, _ grounds: Grounds) async throws -> RegistrationVerifier {
        let evidence = VerificationEvidence(
            anchors: try await ledger.encoded(grounds.anchors),
            intermediates: try await ledger.encoded(grounds.intermediates),
            listAuthorities: try await ledger.encoded(grounds.listAuthorities),
            lists: try await ledger.encoded(grounds.lists))
        let expectations = CertificateExpectations(of: registration, expectations[registration.name])
        return try RegistrationVerifier(registration, expecting: expectations, by: evidence)
    }
}

extension Judgement {
    fileprivate init(_ fingerprint: Fingerprint, _ verdict: RegistrationCheck.Verdict) {
        self.init(
            fingerprint: fingerprint, flaws: verdict.flaws.map { Flaw(code: $0.code, facts: $0.flaws) },
            earlyEnd: verdict.earlyEnd,
            authorities: verdict.authorities, revocationList: verdict.revocationList, reviewAt: verdict.reviewAt)
    }
}
