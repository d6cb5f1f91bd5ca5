/// Which receivers are notified about a failing receiver, the lowest rank first. The ledger stores the raw values.
enum FallbackRank: Int64 {
    case fallback = 1
    case rest = 2

    /// For people.
    var name: String {
        switch self {
        case .fallback: "route.fallback"
        case .rest: "route.receivers, for want of a fallback"
        }
    }
}
