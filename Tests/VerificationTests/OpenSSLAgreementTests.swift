import CertificateDecoding
import Certificates
import TestSupport
import Testing
import Verification

/// `openssl verify` gives the same results, for good and bad chains.
struct OpenSSLAgreementTests {
    enum Chain: CaseIterable {
        case direct, throughIntermediate, intermediateMissing, partial, foreignRoot, expiredRoot, expiredLeaf, future
        case wrongPurpose, pathTooLong, noAuthority, nameConstrained, nameAllowed, selfSigned, revoked, notRevoked
        case staleList, foreignList, tampered, rekeyedRoot
    }

    private struct Case {
        var leaf: IssuedCertificate
        var anchors: [IssuedCertificate]
        var intermediates: [IssuedCertificate] = []
        var list: String?
    }

    @Test(arguments: Chain.allCases)
    func `openssl verify agrees`(chain: Chain) throws {
        let lab = try VerificationLab()
        let example = try example(chain, lab)
        let ours = try lab.findings(
            of: example.leaf, CertificateExpectations(role: .client), anchors: example.anchors,
            intermediates: example.intermediates, revocationListPEM: example.list
        ).filter { $0.severity == .critical }
        #expect(try theirs(example) == ours.isEmpty, "\(ours)")
    }

    private func theirs(_ example: Case) throws -> Bool {
        let directory = try TemporaryDirectory()
        func pem(_ certificates: [IssuedCertificate]) -> String { certificates.map(\.pem).joined() }
        var arguments = [
            "verify", "-attime", "\(VerificationLab.now.seconds)", "-purpose", "sslclient", "-partial_chain",
            "-CAfile", try directory.write(pem(example.anchors), to: "anchors.pem"),
        ]
        if !example.intermediates.isEmpty {
            arguments += ["-untrusted", try directory.write(pem(example.intermediates), to: "intermediates.pem")]
        }
        if let list = example.list {
            arguments += ["-crl_check", "-CRLfile", try directory.write(list, to: "list.pem")]
        }
        arguments.append(try directory.write(example.leaf.pem, to: "leaf.pem"))
        return try RequiredTool("openssl").outcome(arguments).status == 0
    }

    private func example(_ chain: Chain, _ lab: VerificationLab) throws -> Case {
        let root = lab.root.certificate
        switch chain {
        case .direct: return Case(leaf: try lab.client(), anchors: [root])
        case .throughIntermediate, .intermediateMissing, .partial, .pathTooLong, .noAuthority, .nameConstrained,
            .nameAllowed:
            return try longerExample(chain, lab)
        case .foreignRoot:
            return Case(leaf: try lab.client(), anchors: [try TestPKI.authority("Other Root").certificate])
        case .rekeyedRoot:
            return Case(leaf: try lab.client(), anchors: [try TestPKI.authority("Lab Root").certificate])
        case .expiredRoot:
            let old = try TestPKI.authority("Old Root", notAfter: VerificationLab.now - .days(1))
            return Case(leaf: try old.issue(.client, commonName: "a"), anchors: [old.certificate])
        case .expiredLeaf:
            let leaf = try lab.client { $0.notAfter = .at(VerificationLab.now - .days(1)) }
            return Case(leaf: leaf, anchors: [root])
        case .future:
            let leaf = try lab.client { $0.notBefore = .at(VerificationLab.now + .days(1)) }
            return Case(leaf: leaf, anchors: [root])
        case .wrongPurpose:
            return Case(leaf: try lab.root.issue(.server, commonName: "a"), anchors: [root])
        case .selfSigned:
            let leaf = try TestPKI.selfSigned(CertificateTemplate(.client, commonName: "a"))
            return Case(leaf: leaf, anchors: [root])
        case .tampered:
            return Case(leaf: try lab.client().tampered, anchors: [root])
        case .revoked, .notRevoked, .staleList, .foreignList:
            let leaf = try lab.client { $0.serial = [0x42] }
            let list =
                switch chain {
                case .revoked: try lab.root.revocationList(revoking: [[0x42]])
                case .staleList: try lab.root.revocationList(nextUpdate: VerificationLab.now - .days(1))
                case .foreignList: try TestPKI.authority("Other Root").revocationList()
                default: try lab.root.revocationList(revoking: [[0x43]])
                }
            return Case(leaf: leaf, anchors: [root], list: list)
        }
    }

    private func longerExample(_ chain: Chain, _ lab: VerificationLab) throws -> Case {
        let issuing = try lab.intermediate { template in
            if chain == .pathTooLong { template.pathLength = 0 }
            if chain == .noAuthority { template.isCA = false }
            if chain == .nameConstrained || chain == .nameAllowed {
                template.furtherExtensions = [CertificateTemplate.nameConstraints(permitting: "example.com")]
            }
        }
        let name = chain == .nameConstrained ? "a.example.org" : "a.example.com"
        let leaf = try issuing.issue(.client, commonName: "a", alternativeNames: [.dns(name)])
        let root = lab.root.certificate
        switch chain {
        case .intermediateMissing: return Case(leaf: leaf, anchors: [root])
        case .partial: return Case(leaf: leaf, anchors: [issuing.certificate])
        case .pathTooLong:
            let second = try issuing.intermediate("Lab Sub")
            return Case(
                leaf: try second.issue(.client, commonName: "a"), anchors: [root],
                intermediates: [issuing.certificate, second.certificate])
        default: return Case(leaf: leaf, anchors: [root], intermediates: [issuing.certificate])
        }
    }
}
