import Configuration
import CurlBinding
import SourceReading

/// Fetches the commands and URLs of a configuration without a ledger, for `check --config`.
package struct Fetcher: Sendable {
    private let urls: URLFetcher

    package init(loop: TransferLoop) {
        urls = URLFetcher(loop: loop)
    }

    /// Fetches all of them, in the configuration's order, and counts them in `progress`.
    package func fetchAll(
        _ settings: Settings, counting progress: WorkProgress
    ) async -> [(registration: String, place: String, fetched: Fetched)] {
        progress.begin(.fetching)
        progress.expect(settings.fetchedSources.count)
        var results: [(registration: String, place: String, fetched: Fetched)] = []
        for source in settings.fetchedSources {
            results.append((source.registration, source.place, await source.fetch(validator: nil, by: urls)))
            progress.advance()
        }
        return results
    }
}
