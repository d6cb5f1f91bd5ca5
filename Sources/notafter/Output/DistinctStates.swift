import Certificates
import ExpiryRules

/// Counts certificates and revocation lists once each, however many places show them, in 8 bytes a place.
struct DistinctStates {
    /// An entry is the start of the fingerprint, the kind, and the rank of the state.
    private static let stateBits: UInt64 = 3
    private static let kindBits: UInt64 = 1

    private var entries: [UInt64] = []

    /// Counts an object. Its worst state counts.
    mutating func insert(_ object: WatchedObject, in state: CertificateState) {
        let rank = CertificateState.allCases.firstIndex(of: state) ?? 0
        let kind: UInt64 =
            switch object.kind {
            case .certificate: 0
            case .revocationList: 1
            }
        let shift = Self.stateBits + Self.kindBits
        let start = (UInt64(truncatingIfNeeded: object.fingerprint.half >> 64) >> shift) << shift
        entries.append(start | kind << Self.stateBits | UInt64(rank))
    }

    /// Each object once.
    var counts: Counts {
        var counts = Counts()
        let sorted = entries.sorted()
        for (index, entry) in sorted.enumerated() {
            let isLast = index + 1 == sorted.count || sorted[index + 1] >> Self.stateBits != entry >> Self.stateBits
            if isLast { counts.add(entry) }
        }
        return counts
    }

    /// The numbers of different objects.
    struct Counts {
        private(set) var states: [CertificateState: Int] = [:]
        private(set) var certificates = 0
        private(set) var revocationLists = 0

        fileprivate mutating func add(_ entry: UInt64) {
            let rank = Int(entry & (1 << DistinctStates.stateBits - 1))
            states[CertificateState.allCases[rank], default: 0] += 1
            if entry >> DistinctStates.stateBits & 1 == 0 {
                certificates += 1
            } else {
                revocationLists += 1
            }
        }

        var total: Int { certificates + revocationLists }
    }
}
