import Certificates
import ExpiryRules

/// Evaluates the certificates and lists of registered places without a ledger, by the rules of a pass.
///
/// All objects must be added before the evaluation: one registration may contain the CA or list of another.
package struct Evaluation {
    private struct Seen {
        var encoded: EncodedObject
        /// The first place at which it was found.
        let place: String
    }

    /// The objects of one registration, by fingerprint.
    private struct Member {
        let registration: Registration
        let expectations: CertificateExpectations
        var seen: [Fingerprint: Seen] = [:]
        /// In the order in which they were found.
        var order: [Fingerprint] = []

        func objects(where isWanted: (WatchedObject) -> Bool) -> [EncodedObject] {
            order.compactMap { seen[$0]?.encoded }.filter { isWanted($0.object) }
        }
    }

    private let plan: WatchPlan
    private var members: [Member] = []
    private var positions: [String: Int] = [:]

    package init(plan: WatchPlan) {
        self.plan = plan
    }

    /// Adds an object at a place of `registration`.
    ///
    /// - Parameters:
    ///   - object: a certificate or list.
    ///   - der: its encoding.
    ///   - location: its place and index.
    ///   - registration: the registration of the place.
    ///   - expectations: returns the expectations of the registration. Called once for each registration.
    package mutating func add(
        _ object: WatchedObject, der: [UInt8], at location: Location, of registration: Registration,
        expecting expectations: (Registration) -> CertificateExpectations
    ) {
        let position = positions[registration.name] ?? members.endIndex
        if position == members.endIndex {
            positions[registration.name] = position
            members.append(Member(registration: registration, expectations: expectations(registration)))
        }
        let encoded = EncodedObject(object: object, der: der, position: location.index)
        let fingerprint = object.fingerprint
        guard let known = members[position].seen[fingerprint] else {
            members[position].seen[fingerprint] = Seen(encoded: encoded, place: location.description)
            members[position].order.append(fingerprint)
            return
        }
        if location.index < known.encoded.position { members[position].seen[fingerprint]?.encoded = encoded }
    }

    /// The added objects: each once for each registration.
    package var objectCount: Int { members.reduce(0) { $0 + $1.order.count } }

    /// Evaluates all added objects. Calls `note` after each of them.
    ///
    /// - Throws: `OpenSSLError` when memory is exhausted.
    package func result(at now: Instant, noting note: () -> Void = {}) throws -> EvaluationResult {
        var result = EvaluationResult(plan: plan)
        let certificates = members.flatMap { $0.objects { $0.certificate != nil } }.compactMap(\.object.certificate)
        let known = Dictionary(grouping: certificates, by: \.issuer)
        for member in members {
            let verifier = try RegistrationVerifier(
                member.registration, expecting: member.expectations, by: evidence(for: member.registration))
            for fingerprint in member.order {
                guard let seen = member.seen[fingerprint] else { continue }
                let verdict = try verifier.verdict(on: seen.encoded, revoking: known, at: now)
                result.add(verdict, on: seen.encoded.object, at: seen.place, of: member.registration)
                note()
            }
        }
        result.addDuplicates()
        result.retireAuthorities(at: now)
        return result
    }

    /// Sorted by fingerprint, so that the order of places does not affect the result.
    private func evidence(for registration: Registration) -> VerificationEvidence {
        let grounds = VerificationGrounds(of: registration, in: plan)
        let isAuthority = { (object: WatchedObject) in object.certificate?.isCA ?? false }
        let isList = { (object: WatchedObject) in object.revocationList != nil }
        return VerificationEvidence(
            anchors: objects(of: grounds.anchors, where: isAuthority),
            intermediates: objects(of: grounds.intermediates, where: isAuthority),
            listAuthorities: objects(of: grounds.listAuthorities, where: isAuthority),
            lists: objects(of: grounds.lists, where: isList))
    }

    private func objects(of names: [String], where isWanted: (WatchedObject) -> Bool) -> [EncodedObject] {
        let all = names.compactMap { positions[$0] }.flatMap { members[$0].objects(where: isWanted) }
        let distinct = Dictionary(all.map { ($0.object.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
        return distinct.values.sorted { $0.object.fingerprint < $1.object.fingerprint }
    }
}
