import CertificateDecoding
import Certificates
import Foundation
import OpenSSLBinding
import Verification

/// The files of PKITS, and notafter's results for its cases.
struct PKITSSuite {
    /// One case. `path` begins with the CA below the anchor and ends with the leaf.
    struct Case: Decodable {
        let test: String
        let name: String
        let anchor: String
        let path: [String]
        let crls: [String]
        let valid: Bool

        /// Sections 4.8 to 4.12 are about certificate policies, which notafter does not check.
        var isAboutPolicies: Bool {
            let section = test.split(separator: ".").dropFirst().first.flatMap { Int($0) }
            return section.map { (8...12).contains($0) } ?? false
        }
    }

    private static let directory = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared/suites/pkits")
    /// 2011-04-15T00:00:00Z
    private static let time = Instant(seconds: 1_302_825_600)

    static var isAtHand: Bool {
        FileManager.default.fileExists(atPath: directory.appending(path: "testcases.json").path)
    }

    let cases: [Case]
    private let decoder: CertificateDecoder

    init() throws {
        cases = try JSONDecoder().decode(
            [Case].self, from: Data(contentsOf: Self.directory.appending(path: "testcases.json")))
        decoder = try CertificateDecoder()
    }

    /// The report of `verify` for a case. The keys are from 2010, so the security level is set to 0.
    func report(on test: Case) throws -> VerificationReport {
        let bundles = try test.path.reversed().map { try bundle($0) }
        let lists = try test.crls.map { try RevocationListSet(bytes("crls/\($0).crl")) }
        let check = ForwardedCertificateCheck(
            CertificateExpectations(securityLevel: SecurityLevel(rawValue: 0) ?? .ofMachine),
            anchors: try bundle(test.anchor).certificates, revocationLists: RevocationListSet(joining: lists))
        return try check.report(
            on: VerifiableBundle(certificates: bundles.flatMap(\.certificates)), at: Self.time)
    }

    private func bundle(_ name: String) throws -> VerifiableBundle {
        decoder.verifiableBundle(try bytes("certs/\(name).crt"))
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Self.directory.appending(path: path)))
    }
}
