import Certificates
import ExpiryRules

/// The result of an `Evaluation`, for each certificate and list and for each registration.
package struct EvaluationResult {
    private struct Verified {
        let object: WatchedObject
        let place: String
        let verdict: RegistrationCheck.Verdict
        /// At most one for each code.
        var flaws: [CertificateFinding]
        var isRetired = false
    }

    private let plan: WatchPlan
    /// In the order in which they were found.
    private var registrations: [Registration] = []
    private var verified: [String: [Verified]] = [:]
    private var names: [Fingerprint: WatchedObject] = [:]

    init(plan: WatchPlan) {
        self.plan = plan
    }

    mutating func add(
        _ verdict: RegistrationCheck.Verdict, on object: WatchedObject, at place: String, of registration: Registration
    ) {
        if verified[registration.name] == nil { registrations.append(registration) }
        verified[registration.name, default: []].append(
            Verified(object: object, place: place, verdict: verdict, flaws: verdict.flaws))
        names[object.fingerprint] = object
    }

    /// Adds findings for certificates with the same issuer and serial number, in any registration.
    mutating func addDuplicates() {
        let duplicates = DuplicateSerialNumbers.findings(in: names.values.lazy.compactMap(\.certificate))
        guard !duplicates.isEmpty else { return }
        for registration in registrations {
            for index in verified[registration.name, default: []].indices {
                let fingerprint = verified[registration.name]?[index].object.fingerprint
                guard let duplicate = fingerprint.flatMap({ duplicates[$0] }) else { continue }
                verified[registration.name]?[index].flaws.append(duplicate)
            }
        }
    }

    /// Retires an old CA beside its successor, once every certificate that needs one of the two has a path through the
    /// successor. `AuthoritySuccession` applies the same rule in the ledger.
    mutating func retireAuthorities(at now: Instant) {
        for registration in registrations where registration.role == .ca {
            let members = verified[registration.name, default: []]
            let dependents = plan.registrations.filter { $0.issuer == registration.name }
                .flatMap { verified[$0.name, default: []] }.filter { !$0.verdict.authorities.isEmpty }
            guard !dependents.isEmpty else { continue }
            let needed = Set(dependents.flatMap(\.verdict.authorities))
            for (index, member) in members.enumerated() where !needed.contains(member.object.fingerprint) {
                let hasSuccessor = members.contains { Self.replaces($0.object, member.object, at: now) }
                verified[registration.name]?[index].isRetired = hasSuccessor
            }
        }
    }

    private static func replaces(_ heir: WatchedObject, _ old: WatchedObject, at now: Instant) -> Bool {
        guard let heir = heir.certificate, let old = old.certificate, heir.isCA, old.isCA,
            heir.subject == old.subject, let begin = heir.validity.notBefore, begin <= now,
            let end = heir.validity.notAfter, let oldEnd = old.validity.notAfter
        else { return false }
        return end > oldEnd
    }

    /// The standing of each certificate and list, combined over the registrations that contain it.
    package func standings() -> [Fingerprint: ObjectStanding] {
        var standings: [Fingerprint: ObjectStanding] = [:]
        for registration in registrations {
            for member in verified[registration.name, default: []] {
                let fingerprint = member.object.fingerprint
                var standing = standings[fingerprint] ?? ObjectStanding()
                if !member.isRetired {
                    standing.add(
                        watcher: registration.name, authority: authority(of: member.verdict),
                        revocationList: revocationList(of: member.verdict))
                }
                standings[fingerprint] = standing
            }
        }
        return standings
    }

    private func authority(of verdict: RegistrationCheck.Verdict) -> EarlyEnd? {
        verdict.earlyEnd.map { end in
            EarlyEnd(
                expiry: end.expiry,
                culprit: EarlyEnd.Culprit(
                    kind: .certificate, fingerprint: end.culprit, name: names[end.culprit]?.name ?? ""))
        }
    }

    private func revocationList(of verdict: RegistrationCheck.Verdict) -> EarlyEnd? {
        guard let fingerprint = verdict.revocationList, let list = names[fingerprint]?.revocationList,
            let nextUpdate = list.nextUpdate
        else { return nil }
        return EarlyEnd(
            expiry: nextUpdate,
            culprit: EarlyEnd.Culprit(kind: .revocationList, fingerprint: fingerprint, name: list.issuer))
    }

    /// The findings of each certificate and list, combined over the registrations that contain it. At most one for each
    /// code.
    package func flaws() -> [Fingerprint: [CertificateFinding]] {
        let all = registrations.flatMap { verified[$0.name, default: []] }
        return Dictionary(all.map { ($0.object.fingerprint, $0.flaws) }, uniquingKeysWith: +)
            .mapValues(\.oneForEachCode)
    }

    /// The findings of each registration, at most one for each code, as in the ledger.
    ///
    /// - Returns: ordered by the first occurrence of the registration, then by code.
    package func findings() -> [Finding] {
        registrations.flatMap { registration in
            var bearers: [FindingCode: [FlawBearer]] = [:]
            for member in verified[registration.name, default: []] {
                for flaw in member.flaws {
                    bearers[flaw.code, default: []].append(
                        FlawBearer(name: member.object.name, place: member.place, flaws: flaw.flaws))
                }
            }
            return FindingCode.allCases.compactMap { code in
                bearers[code].map { bearers in
                    Finding(code, in: registration.name, place: registration.name, bearers: bearers)
                }
            }
        }
    }
}
