/// The templates: pages, and parts that several pages share. The raw value is the name in `{{>name}}`.
enum PageTemplate: String, CaseIterable, Sendable {
    case overview, certificates, certificate, endpoints, endpoint, deliveries, silences, health, problem
    case head, foot, mark, time, more, notices

    /// Mustache (mustache(5)). Words in double brackets are looked up in the table of the language.
    var source: String {
        switch self {
        case .overview: Self.overviewSource
        case .certificates: Self.certificatesSource
        case .certificate: Self.certificateSource
        case .endpoints: Self.endpointsSource
        case .endpoint: Self.endpointSource
        case .deliveries: Self.deliveriesSource
        case .silences: Self.silencesSource
        case .health: Self.healthSource
        case .problem: Self.problemSource
        case .head: Self.headSource
        case .foot: Self.footSource
        case .mark: Self.markSource
        case .time: Self.timeSource
        case .more: Self.moreSource
        case .notices: Self.noticesSource
        }
    }

    private static let headSource = """
        <!DOCTYPE html>
        <html lang="{{language}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{title}} · notafter</title>
        <link rel="stylesheet" href="{{root}}style.css">
        <link rel="icon" href="{{root}}icon.svg" type="image/svg+xml">
        </head>
        <body>
        <a class="skip" href="#main">[[Skip to the content]]</a>
        <header class="top">
        <a class="brand" href="{{root}}">notafter</a>
        <nav aria-label="[[Pages]]"><ul>{{#tabs}}<li><a href="{{root}}{{tabAddress}}"{{#isCurrent}} aria-current="page"{{/isCurrent}}>{{tabName}}</a></li>{{/tabs}}</ul></nav>
        <form role="search" action="{{root}}certificates" method="get">
        <label class="hidden" for="search">[[Search certificates]]</label>
        <input id="search" name="text" type="search" maxlength="200" placeholder="[[name or issuer]]" value="{{searched}}">
        <button>[[Search]]</button>
        </form>
        </header>
        <main id="main">

        """

    private static let footSource = """

        </main>
        <footer>notafter {{version}} · [[as of]] <time datetime="{{asOf}}">{{asOf}}</time></footer>
        </body>
        </html>

        """

    private static let markSource = """
        <span class="mark {{markClass}}"><span class="shape" aria-hidden="true">{{markShape}}</span> {{markWord}}</span>
        """

    private static let timeSource = """
        <time datetime="{{instant}}" title="{{instant}}">{{date}}</time>{{#distance}} <span class="distance">{{distance}}</span>{{/distance}}
        """

    private static let moreSource = """
        <p class="more">{{#firstPage}}<a href="{{firstPage}}">[[First page]]</a> {{/firstPage}}{{#nextPage}}<a rel="next" href="{{nextPage}}">[[Next page]]</a>{{/nextPage}}</p>
        """

    private static let problemSource = """
        {{>head}}
        <h1>{{title}}</h1>
        <p class="lead">{{problem}}</p>
        <p><a href="{{root}}">[[Go to the overview]]</a></p>
        {{>foot}}
        """
}
