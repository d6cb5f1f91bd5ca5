import CertificateDecoding
import Certificates
import Configuration
import ExpiryRules
import FileReading
import LedgerStorage
import OpenSSLBinding
import Verification

/// Verifies what registrations watch, by what the ledger knows of them and of their CAs: the step between seeing and
/// deciding.
///
/// A verdict holds until something that it rests on changes (the CAs, the lists, what is expected) or time does, so a pass
/// verifies what is new alone.
struct Judge {
    /// How many certificates are in memory at a time.
    private static let pageSize = 500
    private static let keyLimit = 1 << 20

    let ledger: Ledger
    let plan: WatchPlan
    let expectations: [String: RegistrationExpectations]
    let time: any TimeSource

    /// - Returns: the ids of the notices that were decided.
    func judge(while shouldGoOn: @Sendable () -> Bool) async throws -> [Int64] {
        try await judge(plan.registrations, while: shouldGoOn)
    }

    /// Judges what some of the plan's registrations watch.
    ///
    /// - Returns: the ids of the notices that were decided.
    func judge(
        _ registrations: [Registration], while shouldGoOn: @Sendable () -> Bool = { true }
    ) async throws -> [Int64] {
        var noticeIDs: [Int64] = []
        for registration in registrations where shouldGoOn() {
            noticeIDs += try await judge(registration)
        }
        for registration in registrations where registration.role == .ca && shouldGoOn() {
            noticeIDs += try await ledger.retireAuthorities(of: registration.name, plan: plan, at: time.now)
        }
        return noticeIDs
    }

    /// What a registration's certificates and lists are judged by.
    private struct Grounds {
        let anchors: [Fingerprint]
        let intermediates: [Fingerprint]
        let lists: [Fingerprint]
    }

    private func judge(_ registration: Registration) async throws -> [Int64] {
        let now = time.now
        let grounds = try await grounds(of: registration)
        let context = try context(of: registration, grounds, at: now)
        var noticeIDs: [Int64] = []
        var page = try await ledger.unjudged(in: registration.name, by: context, at: now, limit: Self.pageSize)
        let check = page.isEmpty ? nil : try await check(for: registration, grounds)
        while let check, !page.isEmpty {
            let judgements = try page.map { encoded in
                try Self.judgement(on: encoded, by: check, role: registration.role, at: now)
                    .adding(Self.misfit(of: encoded.object, registration))
            }
            noticeIDs += try await ledger.record(
                judgements, of: registration.name, by: context, plan: plan, at: now)
            page = try await ledger.unjudged(in: registration.name, by: context, at: now, limit: Self.pageSize)
        }
        return try await noticeIDs + ledger.concludeJudgements(of: registration.name, plan: plan, at: now)
    }

    /// CAs are those of the registered issuer, and lists those that lie with it, here, or in an entry of lists for it. Without an
    /// issuer nobody knows who should have signed what, and no path and no list's signature is looked at.
    private func grounds(of registration: Registration) async throws -> Grounds {
        let own = [registration.name]
        let issuer = registration.issuer.map { [$0] } ?? []
        let listKeepers = plan.registrations.filter { $0.role == .revocationList && $0.issuer == registration.issuer }
        return Grounds(
            anchors: try await ledger.support(.authorities, of: issuer),
            intermediates: issuer.isEmpty ? [] : try await ledger.support(.authorities, of: own),
            lists: issuer.isEmpty
                ? [] : try await ledger.support(.revocationLists, of: own + issuer + listKeepers.map(\.name)))
    }

    /// A digest of all that verdicts rest on besides the certificate and the time.
    private func context(of registration: Registration, _ grounds: Grounds, at now: Instant) throws -> [UInt8] {
        let expected = expectations[registration.name] ?? RegistrationExpectations()
        let parts =
            [registration.role.rawValue, String(registration.checksRevocation), expected.commonName?.text ?? "-"]
            + [registration.profile?.rawValue ?? "-", expected.keyFile ?? "-"]
            // Nothing of a key is remembered, not even a digest: its file is looked at in each pass.
            + [expected.keyFile == nil ? "" : String(now.seconds)]
            + WatchedObject.Kind.allCases.flatMap { kind in
                registration.thresholds(for: kind).map(\.description) + ["thresholds"]
            }
            + expected.alternativeNames + ["anchors"] + grounds.anchors.map(\.description) + ["intermediates"]
            + grounds.intermediates.map(\.description) + ["lists"] + grounds.lists.map(\.description)
        return try SHA256().digest(Array(parts.joined(separator: "\0").utf8))
    }

    private func check(for registration: Registration, _ grounds: Grounds) async throws -> RegistrationCheck {
        let expected = expectations[registration.name] ?? RegistrationExpectations()
        let lists = try await ledger.encoded(grounds.lists).compactMap { encoded in
            // What OpenSSL does not read revokes nobody; that it cannot be read is a finding of the list's own.
            encoded.object.revocationList.flatMap { try? RegistrationCheck.EncodedList($0, der: encoded.der) }
        }
        return try RegistrationCheck(
            CertificateExpectations(
                role: registration.role, commonName: expected.commonName,
                alternativeNames: expected.alternativeNames, profile: registration.profile,
                key: expected.keyFile.map(Self.key)),
            anchors: Self.verifiable(try await ledger.encoded(grounds.anchors)),
            intermediates: Self.verifiable(try await ledger.encoded(grounds.intermediates)), lists: lists,
            checksRevocation: registration.checksRevocation)
    }

    private static func verifiable(_ objects: [EncodedObject]) -> [VerifiableCertificate] {
        objects.compactMap { encoded in
            encoded.object.certificate.flatMap { try? VerifiableCertificate($0, der: encoded.der) }
        }
    }

    /// A key that cannot be read has no bytes, which is what the finding then says.
    private static func key(at path: String) -> PrivateKeyFile {
        let content = try? RegularFile.content(of: path, limit: keyLimit)
        return PrivateKeyFile(path: path, permissions: content?.permissions ?? 0, pem: content?.bytes ?? [])
    }

    /// A flaw of the registration's thresholds, which only this certificate or list shows.
    private static func misfit(of object: WatchedObject, _ registration: Registration) -> Judgement.Flaw? {
        ThresholdMisfit(registration.thresholds(for: object.kind), validity: object.validity).map { misfit in
            Judgement.Flaw(code: .thresholdTooWide, message: misfit.explanation)
        }
    }

    private static func judgement(
        on encoded: EncodedObject, by check: RegistrationCheck, role: Role, at now: Instant
    ) throws -> Judgement {
        let fingerprint = encoded.object.fingerprint
        switch encoded.object {
        case .certificate(let certificate):
            guard let verifiable = try? VerifiableCertificate(certificate, der: encoded.der) else {
                let flaw = Judgement.Flaw(code: .pathInvalid, message: "OpenSSL cannot read it, and so no verifier")
                return Judgement(fingerprint: fingerprint, flaws: [flaw])
            }
            let isCompanion = role != .ca && certificate.isCA && encoded.position > 0
            return Judgement(
                fingerprint, try check.verdict(on: verifiable, isCompanion: isCompanion, at: now))
        case .revocationList(let list):
            guard let encodedList = try? RegistrationCheck.EncodedList(list, der: encoded.der) else {
                let flaw = Judgement.Flaw(code: .listSignatureInvalid, message: "OpenSSL cannot read it")
                return Judgement(fingerprint: fingerprint, flaws: [flaw])
            }
            return Judgement(fingerprint, check.verdict(on: encodedList, at: now))
        }
    }
}

extension Judgement {
    fileprivate init(_ fingerprint: Fingerprint, _ verdict: RegistrationCheck.Verdict) {
        let codes = FindingCode.allCases.filter { code in verdict.findings.contains { $0.code == code } }
        self.init(
            fingerprint: fingerprint,
            flaws: codes.map { code in
                let messages = verdict.findings.filter { $0.code == code }.map(\.message)
                return Flaw(code: code, message: messages.joined(separator: "; "))
            },
            earlyEnd: verdict.earlyEnd.map { EarlyEnd(expiry: $0.expiry, culprit: $0.culprit) },
            authorities: verdict.authorities, revocationList: verdict.revocationList, reviewAt: verdict.reviewAt)
    }
}
