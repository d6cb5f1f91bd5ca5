import Certificates
import ExpiryRules
import TestSupport
import Testing

/// The states of a certificate in several registrations are combined into one.
struct ObjectStandingTests {
    private static let now = Instant(seconds: 1_800_000_000)
    private let validity = Validity(notBefore: now - .days(10), notAfter: now + .days(300))

    private func end(_ kind: WatchedObject.Kind, inDays days: Int64) throws -> EarlyEnd {
        let fingerprint = try #require(
            Fingerprint(bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: days), count: 32)))
        return EarlyEnd(
            expiry: Self.now + .days(days),
            culprit: EarlyEnd.Culprit(kind: kind, fingerprint: fingerprint, name: "CN=CA"))
    }

    /// Days until a CA of each registration ends, days until the list of each is stale, and the combined end.
    @Test(
        arguments: [
            ([nil, nil], [nil, nil], nil), ([20, nil], [nil, nil], 20), ([nil, 20], [nil, nil], 20),
            ([200, 20], [nil, nil], 20), ([200, 20], [nil, 9], 9), ([nil, nil], [9, 40], 9),
            ([20, nil], [90, nil], 20),
            ([nil, nil], [400, nil], nil),
        ] as [([Int64?], [Int64?], Int64?)])
    func `the earliest end of all registrations counts`(
        authorities: [Int64?], lists: [Int64?], expected: Int64?
    ) throws {
        for order in [[0, 1], [1, 0]] {
            var standing = ObjectStanding()
            for index in order {
                standing.add(
                    watcher: "registration \(index)",
                    authority: try authorities[index].map { try end(.certificate, inDays: $0) },
                    revocationList: try lists[index].map { try end(.revocationList, inDays: $0) })
            }
            #expect(standing.watchers.count == 2)
            #expect(standing.earlyEnd(of: validity)?.expiry == expected.map { Self.now + .days($0) })
        }
    }

    @Test func `what no registration has a use for has no watchers`() {
        #expect(ObjectStanding().watchers.isEmpty)
        #expect(ObjectStanding().endByAuthorities(of: validity) == validity.expiry)
    }
}
