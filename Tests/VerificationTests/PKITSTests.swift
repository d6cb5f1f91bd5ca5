import CertificateDecoding
import Certificates
import Foundation
import OpenSSLBinding
import Testing
import Verification

/// NIST's Public Key Interoperability Test Suite, if it is beside the checkout (`../shared/suites/pkits`). `make
/// conformance` runs it with the built command.
@Suite(.enabled(if: PKITSSuite.isAtHand))
struct PKITSTests {
    @Test func `nothing bad is accepted outside the policy sections`() throws {
        let suite = try PKITSSuite()
        for test in suite.cases where !test.valid && !test.isAboutPolicies {
            let report = try suite.report(on: test)
            #expect(!report.holds, "\(test.test) \(test.name)")
        }
    }

    /// Cases that OpenSSL, and therefore servers based on it, does not support: the number of the test and the text of
    /// the report.
    private static let refused: [String: String] = [
        "4.1.5": "cannot use the public key of CN=DSA Parameters Inherited CA",
        "4.4.19": "is not signed by a CA of that name in the path",
        "4.5.4": "are about other certificates than it",
        "4.5.6": "are about other certificates than it",
        "4.14.18": "covers some reasons of revocation only",
        "4.14.19": "covers some reasons of revocation only",
        "4.14.22": "is an indirect one",
        "4.14.24": "names another issuer of lists",
        "4.14.25": "names another issuer of lists",
        "4.14.28": "are about other certificates than it",
        "4.14.29": "are about other certificates than it",
        "4.14.30": "names another issuer of lists",
        "4.14.33": "names another issuer of lists",
    ]

    @Test func `what is good is accepted, or refused for the true reason`() throws {
        let suite = try PKITSSuite()
        for test in suite.cases where test.valid && !test.isAboutPolicies {
            let report = try suite.report(on: test)
            guard let reason = Self.refused[test.test] else {
                #expect(report.holds, "\(test.test) \(test.name): \(report.results.filter { !$0.holds })")
                continue
            }
            let messages = report.results.filter { !$0.holds }.map(\.message)
            #expect(messages.contains { $0.contains(reason) }, "\(test.test) \(test.name): \(messages)")
        }
    }
}
