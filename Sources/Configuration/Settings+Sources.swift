import Certificates
import Probing
import SourceReading

extension Settings {
    /// The sources whose content is fetched, of every kind.
    package var fetchedSources: [any FetchedSource] { commands as [any FetchedSource] + urls }

    /// The keys of all sources and endpoints.
    package var sourceKeys: [SourceKey] {
        sources.map(\.key) + fetchedSources.map(\.key) + endpoints.map(\.key)
    }
}
