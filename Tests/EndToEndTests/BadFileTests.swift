import Certificates
import Foundation
import TestSupport
import Testing

/// A directory with one bad file among good ones.
struct BadFileTests {
    enum Kind: String, CaseIterable {
        case fifo, unixSocket, device, danglingLink, linkLoop, forbidden, hugeSparse, garbagePEM, truncatedPEM,
            garbageDER,
            encryptedBlock

        /// The expected reason. nil when nothing in the file looks like a certificate.
        var reason: Defect.Reason? {
            switch self {
            case .fifo, .unixSocket, .device: .notRegularFile
            case .danglingLink, .linkLoop: .danglingLink
            case .forbidden: .permissionDenied
            case .hugeSparse: .tooLarge
            case .garbagePEM, .truncatedPEM: .badPEM
            case .garbageDER: .badDER
            case .encryptedBlock: .encrypted
            }
        }

        /// Creates it between the good files in the order of names.
        func make(at name: String, in site: Site) throws {
            let path = site.directory.path(of: name)
            let pem = try site.certificate("bad", daysLeft: 10).pem
            switch self {
            case .fifo: try check(mkfifo(path, 0o644))
            case .unixSocket: try makeSocket(path)
            case .device: try site.directory.link(name, to: "/dev/zero")
            case .danglingLink: try site.directory.link(name, to: "nowhere")
            case .linkLoop: try site.directory.link(name, to: "bad.pem")
            case .forbidden:
                try site.directory.write(pem, to: name)
                try check(chmod(path, 0))
            case .hugeSparse:
                try site.directory.write(pem, to: name)
                try check(truncate(path, 50 << 30))
            case .garbagePEM:
                try site.directory.write(
                    "-----BEGIN CERTIFICATE-----\n\u{FF}?not base64?\n-----END CERTIFICATE-----\n", to: name)
            case .truncatedPEM: try site.directory.write(String(pem.dropLast(200)), to: name)
            case .garbageDER:
                try site.directory.write(PEMWriter.block("CERTIFICATE", [0x30, 0x03, 0x02, 0x01, 0x05]), to: name)
            case .encryptedBlock:
                let header = "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"
                try site.directory.write(
                    pem.replacing("-----BEGIN CERTIFICATE-----\n", with: header), to: name)
            }
        }

        private func check(_ code: Int32) throws {
            guard code == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        }

        private func makeSocket(_ path: String) throws {
            let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let length = socklen_t(MemoryLayout<sockaddr_un>.size)
            try withUnsafePointer(to: &address) { pointer in
                try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    try check(bind(descriptor, $0, length))
                }
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func `the good files beside a bad one are listed, scanned and told, and the bad one has a reason`(kind: Kind)
        async throws
    {
        let site = try Site()
        try site.place("aaa", daysLeft: 10)
        try site.place("zzz", daysLeft: 10)
        try kind.make(at: "pki/bad.pem", in: site)
        let ordinary = try OrdinaryRights.wrapper

        let check = try await site.run(["check", "--json", "pki"] + Site.at(day: 0), wrapper: ordinary)
        #expect(check.status == 2, "\(check.output)\(check.errors)")
        let inspect = try await site.run(["inspect", "--json", "pki"], wrapper: ordinary)
        #expect(inspect.status == 1)
        let scan = try await site.run(["scan", "--json"] + Site.at(day: 0), wrapper: ordinary)
        #expect(scan.status == 0, "\(scan.errors)")
        let list = try await site.run(["list", "--json"] + Site.at(day: 0), wrapper: ordinary)
        for text in [check.output, scan.output, list.output] {
            let listing = try Listing(text)
            #expect(listing.subjects.isSuperset(of: ["CN=aaa", "CN=zzz"]))
            #expect(listing.reasons == [kind.reason?.rawValue].compactMap(\.self))
        }
        #expect(Set(site.ops.told).isSuperset(of: ["fleet/CN=aaa expiring 14d", "fleet/CN=zzz expiring 14d"]))
        #expect(site.ops.requests.allSatisfy { !$0.text.contains("CN=bad") })
    }

    /// The relevant parts of `check --json`, `list --json` and `scan --json`.
    private struct Listing {
        let subjects: Set<String>
        let reasons: [String]

        init(_ text: String) throws {
            struct Content: Decodable {
                struct Entry: Decodable { let subject: String }
                struct Problem: Decodable { let reason: String }
                let certificates: [Entry]
                let defects: [Problem]
            }
            let content = try JSONDecoder().decode(Content.self, from: Data(text.utf8))
            subjects = Set(content.certificates.map(\.subject))
            reasons = content.defects.map(\.reason)
        }
    }
}
