import CertificateDecoding
import Certificates
import TestSupport
import Verification

/// A small PKI, and checks of its certificates.
struct VerificationLab {
    /// 2027-01-15T08:00:00Z
    static let now = Instant(seconds: 1_800_000_000)

    let decoder: CertificateDecoder
    let root: TestAuthority

    init() throws {
        decoder = try CertificateDecoder()
        root = try TestPKI.authority("Lab Root")
    }

    /// Certificates as the production code reads them.
    func read(_ certificates: IssuedCertificate...) throws -> [VerifiableCertificate] {
        try read(certificates)
    }

    func read(_ certificates: [IssuedCertificate]) throws -> [VerifiableCertificate] {
        let bundle = decoder.verifiableBundle(Array(certificates.map(\.pem).joined().utf8))
        guard bundle.defects.isEmpty, bundle.certificates.count == certificates.count else {
            throw Unreadable(defects: bundle.defects)
        }
        return bundle.certificates
    }

    struct Unreadable: Error {
        let defects: [Defect]
    }

    /// All findings of `leaf` with the lab's root as the anchor, or with other anchors.
    func findings(
        of leaf: IssuedCertificate, _ expectations: CertificateExpectations = CertificateExpectations(),
        anchors: [IssuedCertificate]? = nil, intermediates: [IssuedCertificate] = [],
        revocationListPEM: String? = nil, at now: Instant = now
    ) throws -> [CertificateFinding] {
        let lists = try revocationListPEM.map { try RevocationListSet(Array($0.utf8)) } ?? RevocationListSet()
        let check = try CertificateCheck(
            expectations, anchors: read(anchors ?? [root.certificate]), intermediates: read(intermediates),
            revocationLists: lists)
        return try check.findings(of: read(leaf)[0], at: now)
    }

    func client(
        _ commonName: String = "device-1", _ change: (inout CertificateTemplate) -> Void = { _ in }
    ) throws -> IssuedCertificate {
        var template = CertificateTemplate(.client, commonName: commonName)
        change(&template)
        return try root.issue(template)
    }

    /// An intermediate below the root.
    func intermediate(_ change: (inout CertificateTemplate) -> Void = { _ in }) throws -> TestAuthority {
        var template = CertificateTemplate(.authority, commonName: "Lab Issuing")
        change(&template)
        return try root.intermediate(template)
    }

    /// A key of any kind, in a certificate that is not used otherwise.
    static func certificate(withKey kind: KeyKind) throws -> IssuedCertificate {
        let template = CertificateTemplate(.any, commonName: "key")
        return switch kind {
        case .rsa1024: try TestPKI.selfSigned(template, key: .rsa1024)
        case .rsa2048: try TestPKI.selfSigned(template, key: .rsa2048)
        case .dsa1024: try TestPKI.selfSigned(template, key: .dsa1024)
        case .p192: try TestPKI.selfSigned(template, key: .p192)
        case .p384: try TestPKI.selfSigned(template, key: .p384)
        case .ed25519: try TestPKI.selfSigned(template, key: .ed25519)
        }
    }

    enum KeyKind: CaseIterable {
        case rsa1024, rsa2048, dsa1024, p192, p384, ed25519
    }
}
