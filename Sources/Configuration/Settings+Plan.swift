import Certificates
import ExpiryRules

extension Settings {
    /// What the decisions depend on: the registrations, the routes and the summaries.
    package var plan: WatchPlan {
        let clientFiles = endpoints.compactMap { endpoint in
            endpoint.tls.certFile.map { (endpoint.name, FilePath($0)) }
        }
        var plan = WatchPlan(
            registrations: registrations, route: route,
            clientFiles: Dictionary(clientFiles, uniquingKeysWith: { first, _ in first }))
        plan.summary = summary
        plan.observed = observed
        return plan
    }
}
