import Certificates
import Foundation
import Probing
import TestSupport
import Testing

@Suite struct `Report of a probe` {
    private func object(_ report: ProbeReport) throws -> [String: Any] {
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(report))
        return try #require(json as? [String: Any])
    }

    @Test func `its JSON has the keys of the contract, with null for what is unknown`() throws {
        var result = ProbeResult(outcome: .refusedUnknownCA, certificate: .valid, reason: "alert")
        result.alert = .unknownCA
        result.timings.total = 12
        result.timings.connect = 3
        let report = ProbeReport(
            name: "api", url: "https://api.example.com/health", probedAt: Instant(seconds: 1_800_000_000),
            first: ProbeRound(positive: result))
        let object = try object(report)
        #expect(
            Set(object.keys) == [
                "name", "url", "probed_at", "verdict", "positive", "negative", "client_certificate_requested",
                "client_certificate_issuer", "wrong_client_certificates", "addresses", "forebodings",
            ])
        #expect(object["verdict"] as? String == "refused_ours")
        #expect(object["probed_at"] as? String == "2027-01-15T08:00:00Z")
        #expect(object["negative"] is NSNull)
        let positive = try #require(object["positive"] as? [String: Any])
        #expect(positive["outcome"] as? String == "refused_unknown_ca")
        #expect(positive["alert"] as? Int == 48)
        #expect(positive["alert_name"] as? String == "unknown_ca")
        #expect(positive["response_time_ms"] as? Int == 12)
        let timings = try #require(positive["timings_ms"] as? [String: Any])
        #expect(Set(timings.keys) == ["dns", "connect", "tls", "first_byte", "total"])
        #expect(timings["connect"] as? Int == 3)
        #expect(timings["tls"] is NSNull)
        #expect(positive["status"] is NSNull)
        #expect(positive["ray_id"] is NSNull)
    }
}
