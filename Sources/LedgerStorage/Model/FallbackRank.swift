/// Who is told of a receiver's trouble, the lowest first. Raw values stand in the ledger.
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
