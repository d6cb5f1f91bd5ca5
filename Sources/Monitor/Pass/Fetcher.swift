import Configuration
import CurlBinding
import Fetching

/// Fetches the commands and URLs of a configuration without a ledger, for `check --config`.
package struct Fetcher: Sendable {
    private let commands = CommandFetcher()
    private let urls: URLFetcher

    package init(loop: TransferLoop) {
        urls = URLFetcher(loop: loop)
    }

    /// Fetches all of them, in the configuration's order, and counts them in `progress`.
    package func fetchAll(
        _ settings: Settings, counting progress: WorkProgress
    ) async -> [(registration: String, place: String, fetched: Fetched)] {
        progress.begin(.fetching)
        progress.expect(settings.commands.count + settings.urls.count)
        var results: [(registration: String, place: String, fetched: Fetched)] = []
        for source in settings.commands {
            results.append((source.registration, source.place, await commands.fetch(source)))
            progress.advance()
        }
        for source in settings.urls {
            results.append((source.registration, source.place, await urls.fetch(source, validator: nil)))
            progress.advance()
        }
        return results
    }
}
