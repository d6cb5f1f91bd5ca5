import Certificates
import Configuration
import ExpiryRules
import LedgerStorage
import OpenSSLBinding
import Verification

/// Verifies what registrations watch, by what the ledger knows of them and of their CAs: the step between seeing and
/// deciding.
///
/// A verdict holds until something that it rests on changes (the CAs, the lists, what is expected) or time does, so a pass
/// verifies what is new alone.
struct Verifier {
    /// How many certificates are in memory at a time.
    private static let pageSize = 500

    let ledger: Ledger
    let plan: WatchPlan
    let expectations: [String: RegistrationExpectations]
    let time: any TimeSource

    /// - Returns: the ids of the notices that were decided.
    func verify(while shouldGoOn: @Sendable () -> Bool) async throws -> [Int64] {
        try await verify(plan.registrations, while: shouldGoOn)
    }

    /// Judges what some of the plan's registrations watch.
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

    /// Judges again what time alone may have changed, while nothing that is registered changes: what a forecast does from one due
    /// time to the next. The cost follows what is due, not what is registered.
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
        // A CA's work may have passed to its successor by what was judged of others.
        for registration in plan.registrations where registration.role == .ca {
            noticeIDs += try await ledger.retireAuthorities(of: registration.name, plan: plan, at: time.now)
        }
        return noticeIDs
    }

    /// What a registration's certificates and lists are judged by.
    private struct Grounds {
        let anchors: [Fingerprint]
        let intermediates: [Fingerprint]
        /// Who may have signed the lists besides the anchors.
        let listAuthorities: [Fingerprint]
        let lists: [Fingerprint]
    }

    private func verify(_ registration: Registration, by cache: RuleCache?) async throws -> [Int64] {
        let now = time.now
        let grounds = try await grounds(of: registration)
        let context = try context(of: registration, grounds, at: now)
        let unjudged = try await ledger.unjudged(in: registration.name, by: context, at: now)
        return try await verify(unjudged, of: registration, grounds, context, by: cache)
    }

    /// Judges these, page by page.
    private func verify(
        _ unjudged: [UnjudgedObject], of registration: Registration, _ grounds: Grounds, _ context: [UInt8],
        by cache: RuleCache?
    ) async throws -> [Int64] {
        guard !unjudged.isEmpty else { return [] }
        let now = time.now
        let rules: RegistrationVerifier
        if let known = cache?.rules(of: registration.name, in: context) {
            rules = known
        } else {
            rules = try await self.rules(for: registration, grounds)
            cache?.keep(rules, of: registration.name, in: context)
        }
        var noticeIDs: [Int64] = []
        for start in stride(from: 0, to: unjudged.count, by: Self.pageSize) {
            let page = try await ledger.encoded(unjudged[start..<min(start + Self.pageSize, unjudged.count)])
            let known = try await certificatesOfListIssuers(in: page)
            let judgements = try page.map { encoded in
                Judgement(encoded.object.fingerprint, try rules.verdict(on: encoded, revoking: known, at: now))
            }
            noticeIDs += try await ledger.record(
                judgements, of: registration.name, by: context, plan: plan, at: now)
        }
        return noticeIDs
    }

    /// By issuer, for the lists of a page: what they may revoke.
    private func certificatesOfListIssuers(in page: [EncodedObject]) async throws -> [String: [Certificate]] {
        var known: [String: [Certificate]] = [:]
        for issuer in Set(page.compactMap(\.object.revocationList?.issuer)) {
            known[issuer] = try await ledger.certificates(issuedBy: issuer)
        }
        return known
    }

    private func grounds(of registration: Registration) async throws -> Grounds {
        let grounds = JudgingGrounds(of: registration, in: plan)
        return Grounds(
            anchors: try await ledger.support(.authorities, of: grounds.anchors),
            intermediates: try await ledger.support(.authorities, of: grounds.intermediates),
            listAuthorities: try await ledger.support(.authorities, of: grounds.listAuthorities),
            lists: try await ledger.support(.revocationLists, of: grounds.lists))
    }

    /// A digest of all that verdicts rest on besides the certificate and the time.
    private func context(of registration: Registration, _ grounds: Grounds, at now: Instant) throws -> [UInt8] {
        let expected = expectations[registration.name] ?? RegistrationExpectations()
        var parts = [
            registration.role.rawValue, String(registration.checksRevocation), expected.commonName?.text ?? "-",
            registration.profile?.rawValue ?? "-", expected.keyFile ?? "-",
            // Nothing of a key is remembered, not even a digest: its file is looked at in each pass.
            expected.keyFile == nil ? "" : String(now.seconds),
            "security level \(expected.securityLevel.rawValue)",
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
        let evidence = JudgingEvidence(
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
            fingerprint: fingerprint, flaws: verdict.flaws.map { Flaw(code: $0.code, message: $0.message) },
            earlyEnd: verdict.earlyEnd.map { EarlyEnd(expiry: $0.expiry, culprit: $0.culprit) },
            authorities: verdict.authorities, revocationList: verdict.revocationList, reviewAt: verdict.reviewAt)
    }
}
