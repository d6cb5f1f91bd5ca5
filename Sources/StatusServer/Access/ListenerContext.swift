import Hummingbird
import NIOCore

/// What is known of a request besides the request itself.
struct ListenerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection that the request came on.
    let channel: any Channel
    /// Who sent the request; `AccessCheck` finds it out.
    var caller = Caller.anyone

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Who sent a request, by what it proved.
enum Caller: Hashable, Sendable {
    /// It proved nothing: the listener asks for nothing, or the path is open to all.
    case anyone
    /// It has the token as a bearer token, which no browser sends by itself.
    case bearer
    /// It has the token as the password of HTTP's Basic scheme, which browsers send with every request once they know it.
    case basic
    /// It has the token in the URL of the calendar.
    case calendar
    /// It has the key of an accepted client certificate, with this subject. Browsers present it with every request.
    case certificate(subject: String)
}
