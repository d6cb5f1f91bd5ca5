import Certificates
import ExpiryRules

/// The order of a listing: `--sort`.
enum ListingOrder: String, CaseIterable {
    /// What ends next is last, where a person at a terminal looks.
    case expiry
    /// The worst is last.
    case state
    case name
    case place
    case kind

    /// What a listing is sorted by.
    struct Key {
        let expiry: Instant
        let state: CertificateState
        let kind: String
        let name: String
        let place: String
    }

    /// Whether `left` comes before `right`. Equals are in the order of their expiry.
    func isSorted(_ left: Key, before right: Key) -> Bool {
        let isLater = left.expiry > right.expiry
        switch self {
        case .expiry: return isLater
        case .state: return left.state == right.state ? isLater : left.state.rank < right.state.rank
        case .name: return left.name == right.name ? isLater : left.name < right.name
        case .place: return left.place == right.place ? isLater : left.place < right.place
        case .kind: return left.kind == right.kind ? isLater : left.kind < right.kind
        }
    }
}

extension CertificateState {
    /// Higher for worse.
    fileprivate var rank: Int {
        switch self {
        case .ok: 0
        case .warning: 1
        case .critical: 2
        case .notYetValid: 3
        case .expired: 4
        }
    }
}

extension WatchedStatus {
    /// What a listing sorts it by.
    var order: ListingOrder.Key {
        ListingOrder.Key(
            expiry: effectiveExpiry ?? .noWellDefinedExpiry, state: state, kind: kind.rawValue, name: object.name,
            place: location.description)
    }
}
