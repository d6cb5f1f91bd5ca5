import CertificateDecoding
import Certificates
import TestSupport
import Testing
import Verification

/// Findings about certificates that do not depend on their use.
@Suite struct InspectionTests {
    private static let now = VerificationLab.now

    private let inspector: CertificateInspector
    private let root: TestAuthority

    init() throws {
        inspector = try CertificateInspector()
        root = try TestPKI.authority("Root")
    }

    private func inspect(_ certificates: IssuedCertificate...) throws -> [InspectedCertificate] {
        try inspect(pem: certificates.map(\.pem).joined())
    }

    private func inspect(pem: String) throws -> [InspectedCertificate] {
        let bundle = inspector.decoder.bundle(Array(pem.utf8))
        #expect(bundle.defects == [])
        return try inspector.inspect(bundle, at: Self.now).certificates
    }

    private func codes(of certificate: IssuedCertificate) throws -> [FindingCode] {
        try inspect(certificate)[0].findings.map(\.code)
    }

    // MARK: Issuers

    @Test func `each certificate finds its issuer, whatever the order`() throws {
        let issuing = try root.intermediate("Issuing")
        let leaf = try issuing.issue(.client, commonName: "leaf")
        let chain = [leaf, issuing.certificate, root.certificate]
        #expect(try inspect(leaf, issuing.certificate, root.certificate).map(\.issuer) == [1, 2, nil])
        #expect(try inspect(pem: chain.reversed().map(\.pem).joined()).map(\.issuer) == [nil, 0, 1])
        #expect(try inspect(leaf, root.certificate).map(\.issuer) == [nil, nil], "the one between is missing")
    }

    @Test func `a namesake with another key has issued nothing`() throws {
        let impostor = try TestPKI.authority("Root")
        let leaf = try root.issue(.client, commonName: "leaf")
        #expect(try inspect(impostor.certificate, leaf, root.certificate).map(\.issuer) == [nil, 2, nil])
        #expect(
            try inspect(leaf.tampered, root.certificate).map(\.issuer) == [nil, nil], "nor what is not signed by it")
    }

    @Test func `CAs that issued one another are no cycle`() throws {
        let other = try TestPKI.authority("Other")
        let crossed = try root.crossSigned(by: other, notAfter: TestPKI.defaultNotAfter)
        let crossing = try other.crossSigned(by: root, notAfter: TestPKI.defaultNotAfter)
        let leaf = try root.issue(.client, commonName: "leaf")
        let issuers = try inspect(leaf, crossed.certificate, crossing.certificate).map(\.issuer)
        #expect(issuers == [1, 2, nil])
    }

    @Test func `a root of version 1 is its own and nobody's`() throws {
        var template = CertificateTemplate(.any, commonName: "Old Root")
        template.version = nil
        let old = try TestPKI.selfSigned(template)
        #expect(try inspect(old, old).map(\.issuer) == [nil, nil])
    }

    @Test func `of many CAs with one name and key the first is the issuer`() throws {
        let renewals = try (0..<200).map { _ in try root.renewed(notAfter: TestPKI.defaultNotAfter).certificate }
        let leaf = try root.issue(.client, commonName: "leaf")
        let issuers = try inspect(pem: (renewals + [leaf]).map(\.pem).joined()).map(\.issuer)
        #expect(issuers == Array(repeating: nil, count: 200) + [0], "each of them signed itself")
    }

    // MARK: Names and fields

    @Test func `it is called by its most specific Common Name, or by what else it has`() throws {
        var template = CertificateTemplate(.client, commonName: "")
        template.subject = [[.commonName("fleet")], [.commonName("device-1")]]
        #expect(try inspect(root.issue(template))[0].name == "device-1")
        template.subject = [[.organization("Acme")]]
        #expect(try inspect(root.issue(template))[0].name == "O=Acme")
        template.alternativeNames = [.dns("api.example.com")]
        #expect(try inspect(root.issue(template))[0].name == "DNS:api.example.com")
        template.alternativeNames = []
        template.subject = []
        #expect(try inspect(root.issue(template))[0].name == "(no name)")
    }

    @Test func `extended key usages have their names, in their order`() throws {
        var template = CertificateTemplate(.client, commonName: "usages")
        let purposes = "1.3.6.1.5.5.7.3."
        template.extendedKeyUsages = [2, 1, 3, 4, 8, 9].map { purposes + "\($0)" } + ["2.5.29.37.0", "1.2.3.4"]
        #expect(
            try inspect(root.issue(template))[0].extendedKeyUsages == [
                "clientAuth", "serverAuth", "codeSigning", "emailProtection", "timeStamping", "OCSPSigning",
                "anyExtendedKeyUsage", "1.2.3.4",
            ])
        template.extendedKeyUsages = []
        #expect(try inspect(root.issue(template))[0].extendedKeyUsages == nil, "nothing limits it")
    }

    @Test func `an extended key usage that cannot be read allows nothing`() throws {
        var template = CertificateTemplate(.any, commonName: "odd")
        template.furtherExtensions = [CertificateTemplate.extension("2.5.29.37", [0x30, 0x02, 0x06, 0x00])]
        #expect(try inspect(root.issue(template))[0].extendedKeyUsages == [])
    }

    @Test func `a CA shows how many CAs may stand below it`() throws {
        var template = CertificateTemplate(.authority, commonName: "Issuing")
        template.pathLength = 0
        #expect(try inspect(root.issue(template), root.certificate).map(\.pathLength) == [0, nil])
    }

    // MARK: Findings

    @Test func `a certificate in good order has no findings`() throws {
        let server = try root.issue(.server, commonName: "api", alternativeNames: [.dns("api.example.com")])
        for certificate in [server, root.certificate, try root.issue(.client, commonName: "device")] {
            #expect(try codes(of: certificate) == [])
        }
    }

    @Test func `what is wrong wherever a certificate stands is found`() throws {
        let now = Self.now
        #expect(try codes(of: root.issue(.client, commonName: "old", notAfter: now - .days(1))) == [.expired])
        #expect(try codes(of: root.issue(.client, commonName: "early", notBefore: now + .days(1))) == [.notYetValid])
        #expect(try codes(of: root.issue(.server, commonName: "api")) == [.alternativeNameMissing])
        #expect(try codes(of: VerificationLab.certificate(withKey: .rsa1024)) == [.weakKey])
        var template = CertificateTemplate(.client, commonName: "sha1")
        template.digest = .sha1
        #expect(try codes(of: root.issue(template)) == [.weakSignature])
    }

    @Test func `a date that is none is a finding`() throws {
        var template = CertificateTemplate(.client, commonName: "dateless")
        template.notAfter = .raw("271301000000Z", tag: 0x17)
        let bundle = try inspector.decoder.bundle(Array(root.issue(template).pem.utf8))
        let inspected = try inspector.inspect(bundle, at: Self.now)
        #expect(inspected.defects.map(\.reason) == [.unreadableDate])
        #expect(inspected.certificates.first?.findings.map(\.code) == [.unreadableDate])
    }
}
