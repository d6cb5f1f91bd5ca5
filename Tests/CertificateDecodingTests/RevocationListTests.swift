import CertificateDecoding
import Certificates
import TestSupport
import Testing

/// Revocation lists that openssl and cfssl issue.
struct RevocationListTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    private func only(_ bytes: [UInt8]) throws -> RevocationList {
        let bundle = bench.decoder.bundle(bytes)
        #expect(bundle.certificates == [])
        #expect(bundle.defects == [])
        #expect(bundle.revocationLists.count == 1)
        return try #require(bundle.revocationLists.first)
    }

    /// The list of `openssl ca` for a database with one revoked certificate.
    private func listOfOpenSSL(_ options: String...) throws -> [UInt8] {
        try bench.directory.write(
            "R\t491231235959Z\t210203040506Z,keyCompromise\t0A\tunknown\t/CN=device-1\n", to: "index.txt")
        try bench.directory.write("2A\n", to: "crlnumber")
        let section = """
            [ca]
            default_ca = lab
            [lab]
            database = \(bench.path("index.txt"))
            crlnumber = \(bench.path("crlnumber"))
            default_md = sha256
            crl_extensions = crl
            [crl]
            authorityKeyIdentifier = keyid
            """
        try bench.directory.write(section, to: "ca.cnf")
        return try RequiredTool("openssl").output(
            [
                "ca", "-gencrl", "-config", bench.path("ca.cnf"), "-cert", bench.path("ca.pem"), "-keyfile",
                bench.path("ca-key.pem"), "-crl_lastupdate", "20260101000000Z", "-crl_nextupdate", "20260108000000Z",
            ] + options)
    }

    @Test func `every field of openssl's list is read`() throws {
        let list = try only(listOfOpenSSL())
        #expect(list.issuer == "CN=Lab CA")
        #expect(list.thisUpdate?.description == "2026-01-01T00:00:00Z")
        #expect(list.nextUpdate?.description == "2026-01-08T00:00:00Z")
        #expect(list.number?.description == "2a")
        #expect(list.deltaBase == nil)
        #expect(list.signatureAlgorithm == "ecdsa-with-SHA256")
        #expect(list.authorityKeyIdentifier?.count == 20)
        #expect(list.revokedCount == 1)
    }

    @Test func `a revoked certificate has its date and reason`() throws {
        try bench.directory.write(listOfOpenSSL(), to: "list.pem")
        let der = try bench.output(of: "openssl", "crl", "-in", bench.path("list.pem"), "-outform", "DER")
        var revoked = try RevokedCertificates(of: der.span)
        let entry = try #require(try revoked.next(in: der.span))
        #expect(entry.serialNumber.description == "0a")
        #expect(entry.revokedAt?.description == "2021-02-03T04:05:06Z")
        #expect(entry.reason == .keyCompromise)
        #expect(try revoked.next(in: der.span) == nil)
    }

    @Test func `what cfssl prints is read: base64 of DER`() throws {
        try bench.directory.write("10\n11\n", to: "serials")
        let printed = try bench.output(
            of: "cfssl", "gencrl", bench.path("serials"), bench.path("ca.pem"), bench.path("ca-key.pem"))
        let list = try only(printed)
        #expect(list.revokedCount == 2)
        #expect(list.nextUpdate != nil)
    }

    @Test func `lists and certificates of one file are told apart`() throws {
        let text = bench.authority.pem + (try bench.authority.revocationList()) + bench.leaf.pem
        let bundle = bench.decoder.bundle(Array(text.utf8))
        #expect(bundle.certificates.count == 2)
        #expect(bundle.revocationLists.map(\.issuer) == ["CN=Lab CA"])
        #expect(bundle.defects == [])
    }

    /// The fields of a list after its version in DER, with an invalid signature.
    private func list(entries: [UInt8]?, nextUpdate: [UInt8]? = nil, extensions: [[UInt8]] = []) -> [UInt8] {
        let algorithm = DERWriter.sequence([DERWriter.objectIdentifier("1.2.840.10045.4.3.2")])
        let issuer = CertificateTemplate(.any, commonName: String(repeating: "Lab ", count: 30))
        var fields = [DERWriter.integer(octets: [1]), algorithm, CertificateTemplate.name(issuer.subject)]
        fields.append(DERWriter.element(0x17, Array("260101000000Z".utf8)))
        if let nextUpdate { fields.append(nextUpdate) }
        if let entries { fields.append(DERWriter.element(0x30, entries)) }
        if !extensions.isEmpty { fields.append(DERWriter.context(0, DERWriter.sequence(extensions))) }
        return DERWriter.sequence([DERWriter.sequence(fields), algorithm, DERWriter.bitString([0])])
    }

    @Test func `a list that promises no next one, and a delta list, say so`() throws {
        let plain = try only(list(entries: nil))
        #expect(plain.nextUpdate == nil && plain.number == nil && plain.revokedCount == 0)
        let delta = CertificateTemplate.extension("2.5.29.27", DERWriter.integer(octets: [7]), isCritical: true)
        #expect(try only(list(entries: nil, extensions: [delta])).deltaBase?.description == "07")
    }

    @Test func `half a million entries are read one at a time`() throws {
        let date = DERWriter.element(0x17, Array("260101000000Z".utf8))
        var entries: [UInt8] = []
        for number in 0..<500_000 {
            entries += DERWriter.sequence([
                DERWriter.integer(octets: [1, UInt8(number >> 16), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]),
                date,
            ])
        }
        let der = list(entries: entries)
        #expect(try only(der).revokedCount == 500_000)
        var revoked = try RevokedCertificates(of: der.span)
        var count = 0
        while try revoked.next(in: der.span) != nil { count += 1 }
        #expect(count == 500_000)
    }

    @Test func `a list that is damaged is a defect`() throws {
        let entry: [UInt8] = DERWriter.sequence([DERWriter.integer(octets: [1])])
        #expect(bench.reasons(Array(list(entries: entry).dropLast(2))) == [.badDER])
        let broken = Array(PEMWriter.block("X509 CRL", [0x30, 0x00]).utf8)
        #expect(bench.reasons(broken) == [.badDER])
    }

    @Test func `a date that is none is a defect, and the list is shown`() throws {
        let der = list(entries: nil, nextUpdate: DERWriter.element(0x17, Array("261301000000Z".utf8)))
        let bundle = bench.decoder.bundle(der)
        #expect(bundle.revocationLists.count == 1)
        #expect(bundle.defects.map(\.reason) == [.unreadableDate])
    }
}
