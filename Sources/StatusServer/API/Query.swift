import ExpiryRules
import Hummingbird
import LedgerStorage

/// The query of a URL. A parameter with a wrong value is a problem, and not ignored.
struct Query {
    private let parameters: [(name: String, value: String)]

    init(_ request: Request) {
        parameters = request.uri.queryParameters.map { (String($0.key), String($0.value)) }
    }

    /// `limit` and `after`.
    var page: PageRequest {
        get throws {
            PageRequest(
                after: Int64(try number("after", within: 0...Int.max) ?? 0),
                limit: try number("limit", within: PageRequest.limits) ?? PageRequest.defaultLimit)
        }
    }

    /// Each `state`; without one, the states of open deliveries.
    var states: [DeliveryState] {
        get throws {
            let named = try values("state").map { value in
                guard let state = DeliveryState(rawValue: value) else {
                    let known = DeliveryState.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Problem(.badRequest, "state is one of \(known).")
                }
                return state
            }
            return named.isEmpty ? DeliveryState.allCases.filter(\.isOpen) : named
        }
    }

    /// The whole number of a parameter; nil without it.
    func number(_ name: String, within limits: ClosedRange<Int>) throws -> Int? {
        guard let text = values(name).last else { return nil }
        guard let number = Int(text), limits.contains(number) else {
            let bound = limits.upperBound == .max ? "" : " of at most \(limits.upperBound)"
            throw Problem(.badRequest, "\(name) is a whole number\(bound), from \(limits.lowerBound).")
        }
        return number
    }

    func values(_ name: String) -> [String] {
        parameters.filter { $0.name == name }.map(\.value)
    }
}
