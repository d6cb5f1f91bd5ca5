import Certificates
import Hummingbird
import LedgerStorage
import Logging
import StatusPages

/// The status pages and their style sheet: the path and query of a request to a page, in the language of the browser.
struct PageRoutes {
    let site: StatusSite
    let state: DaemonState
    let time: any TimeSource
    let version: String
    let logger: Logger

    func add(to router: Router<ListenerContext>) {
        for path in PageAddress.routes {
            router.get(RouterPath(path)) { request, _ in try await response(to: request) }
        }
    }

    private func response(to request: Request) async throws -> Response {
        let address = PageAddress(path: request.uri.path, query: request.uri.query)
        let language = Language(accepting: request.headers[values: .acceptLanguage].joined(separator: ","))
        let page: RenderedPage
        do {
            page = try await site.page(address, settings: settings, language: language, at: time.now)
        } catch let error as LedgerError {
            logger.warning("page not served", metadata: ["error": "\(error)"])
            throw Problem(.serviceUnavailable, "The ledger cannot be read now; the log of notafter says why.")
        }
        var headers: HTTPFields = [.contentType: page.contentType, .cacheControl: page.cacheControl]
        for (name, value) in RenderedPage.headers {
            if let name = HTTPFields.Element.Name(name) { headers[name] = value }
        }
        return Response(
            status: .init(code: page.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: page.body)))
    }

    private var settings: SiteSettings {
        let settings = state.current.settings
        return SiteSettings(
            plan: settings.plan, endpoints: settings.endpoints.map(\.name), receivers: settings.receivers.map(\.name),
            interval: settings.interval, version: version)
    }
}
