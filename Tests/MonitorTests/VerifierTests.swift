import Certificates
import Configuration
import ExpiryRules
import LedgerStorage
import Scanning
import TestSupport
import Testing
@testable import Monitor

/// The step of a pass that verifies what was observed.
struct VerifierTests {
    private let world: MonitorWorld
    private let authority: TestAuthority

    init() throws {
        world = try MonitorWorld()
        authority = try TestPKI.authority("Fleet CA")
    }

    private var plan: WatchPlan {
        world.plan([
            Registration(name: "roots", role: .ca), Registration(name: "fleet", role: .client, issuer: "roots"),
        ])
    }

    private func record(_ issued: IssuedCertificate, as name: String, in registration: String) async throws {
        try world.directory.write(issued.pem, to: "pki/\(registration)/\(name)")
        try await world.observe(source(registration), plan)
    }

    private func source(_ registration: String) -> FileSource {
        FileSource(registration: registration, pattern: PathPattern(literal: world.place + "/" + registration))
    }

    private func verifier(_ expectations: [String: RegistrationExpectations] = [:]) -> Verifier {
        Verifier(ledger: world.ledger, plan: plan, expectations: expectations, time: world.time)
    }

    private func flaws() async throws -> [FindingCode] {
        try await world.ledger.flaws().values.flatMap { $0.map(\.code) }.sorted { $0.rawValue < $1.rawValue }
    }

    @Test func `a certificate of the registered CA has no finding`() async throws {
        try world.directory.makeDirectory("pki/roots")
        try world.directory.makeDirectory("pki/fleet")
        try await record(authority.certificate, as: "ca.pem", in: "roots")
        try await record(authority.issue(.client, commonName: "a"), as: "a.pem", in: "fleet")
        _ = try await verifier().verify { true }
        #expect(try await flaws() == [])
    }

    @Test func `without its CA it has one, until the CA is there`() async throws {
        try world.directory.makeDirectory("pki/roots")
        try world.directory.makeDirectory("pki/fleet")
        let other = try TestPKI.authority("Other CA")
        try await record(other.certificate, as: "other.pem", in: "roots")
        try await record(authority.issue(.client, commonName: "a"), as: "a.pem", in: "fleet")
        _ = try await verifier().verify { true }
        #expect(try await flaws() == [.issuerUnknown])
        #expect(try await world.openFindings() == [.issuerUnknown])
        try await record(authority.certificate, as: "ca.pem", in: "roots")
        _ = try await verifier().verify { true }
        #expect(try await flaws() == [])
        #expect(try await world.openFindings() == [])
    }

    @Test func `what has a verdict is not verified again until its grounds change`() async throws {
        try world.directory.makeDirectory("pki/roots")
        try world.directory.makeDirectory("pki/fleet")
        try await record(authority.certificate, as: "ca.pem", in: "roots")
        try await record(authority.issue(.client, commonName: "a"), as: "a.pem", in: "fleet")
        let cache = RuleCache()
        let registrations = plan.registrations
        _ = try await verifier().verify(registrations, by: cache)
        let revised = ["fleet": RegistrationExpectations(alternativeNames: ["DNS:api.example.com"])]
        _ = try await verifier().verify(registrations, by: cache)
        #expect(try await flaws() == [])
        _ = try await verifier(revised).verify(registrations, by: cache)
        #expect(try await flaws().count == 1, "the expected name is missing")
    }

    @Test func `a pass that is cut short verifies nothing`() async throws {
        try world.directory.makeDirectory("pki/fleet")
        try await record(authority.issue(.client, commonName: "a"), as: "a.pem", in: "fleet")
        _ = try await verifier().verify { false }
        #expect(try await world.openFindings() == [])
    }
}
