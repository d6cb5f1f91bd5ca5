extension PageTemplate {
    static let endpointsSource = """
        {{>head}}
        <h1>[[Endpoints]]</h1>
        {{^rows}}<p class="empty">[[No endpoint is probed.]]</p>{{/rows}}
        {{#hasRows}}<div class="scroll"><table class="stacked"><caption class="hidden">[[Endpoints]]</caption>
        <thead><tr><th scope="col">[[Verdict]]</th><th scope="col">[[Name]]</th><th scope="col">[[With the certificate]]</th><th scope="col">[[Without it]]</th><th scope="col">[[Last rounds]]</th><th scope="col">[[Probed]]</th></tr></thead>
        <tbody>{{#rows}}<tr><td>{{#mark}}{{>mark}}{{/mark}}</td><td data-label="[[Name]]"><a href="{{address}}"><bdi>{{name}}</bdi></a><span class="detail"><bdi>{{url}}</bdi></span></td><td data-label="[[With the certificate]]"><bdi>{{positive}}</bdi></td><td data-label="[[Without it]]"><bdi>{{negative}}</bdi></td><td data-label="[[Last rounds]]">{{strip}}</td><td data-label="[[Probed]]">{{#probed}}{{>time}}{{/probed}}</td></tr>
        {{/rows}}</tbody></table></div>{{/hasRows}}
        {{#unprobed}}<p class="warning">{{value}}</p>
        {{/unprobed}}
        {{>more}}
        {{>foot}}
        """

    static let endpointSource = """
        {{>head}}
        <h1><bdi>{{name}}</bdi></h1>
        <p class="lead">{{#mark}}{{>mark}}{{/mark}} {{#since}}[[since]] {{>time}}{{/since}} · <code><bdi>{{url}}</bdi></code></p>
        {{#findings}}<section class="finding"><p><bdi>{{value}}</bdi></p></section>
        {{/findings}}
        <div class="columns">{{#pair}}<section><h2>{{probeName}}</h2>
        <p class="lead"><code>{{outcome}}</code></p>
        {{phases}}
        <dl class="facts">{{#facts}}<div><dt>{{factName}}</dt><dd><bdi>{{factValue}}</bdi></dd></div>
        {{/facts}}</dl></section>
        {{/pair}}</div>
        <section aria-labelledby="history"><h2 id="history">[[History]]</h2>
        <p>{{roundsText}}</p>
        <div class="drawing">{{strip}}</div>
        <p>{{hoursText}}</p>
        <div class="drawing">{{hours}}</div></section>
        <div class="columns">
        <section aria-labelledby="presents"><h2 id="presents">[[Presented chain]]</h2>
        {{^chain}}<p class="empty">[[No chain was recorded.]]</p>{{/chain}}
        <ol class="rows">{{#chain}}<li><a href="{{relativeAddress}}"><bdi>{{relative}}</bdi></a><span class="detail">{{#relativeEnds}}{{>time}}{{/relativeEnds}}</span></li>
        {{/chain}}</ol></section>
        <section aria-labelledby="commands"><h2 id="commands">[[To see the same]]</h2>
        {{#commands}}<pre><code>{{value}}</code></pre>
        {{/commands}}</section>
        </div>
        <section aria-labelledby="story"><h2 id="story">[[Notices and deliveries]]</h2>
        {{^decisions}}<p class="empty">[[Nothing was decided about it yet.]]</p>{{/decisions}}
        <ol class="story">{{#decisions}}<li>{{#decided}}{{>time}}{{/decided}} <b>{{decision}}</b> {{decisionState}}{{#decisionMessage}}<span class="detail"><bdi>{{decisionMessage}}</bdi></span>{{/decisionMessage}}
        <ul>{{#deliveries}}<li>{{#deliveryMark}}{{>mark}}{{/deliveryMark}} <bdi>{{receiver}}</bdi><span class="detail"><bdi>{{deliveryDetail}}</bdi></span></li>{{/deliveries}}</ul></li>
        {{/decisions}}</ol></section>
        {{>foot}}
        """

    static let deliveriesSource = """
        {{>head}}
        <h1>[[Deliveries]]</h1>
        <nav class="choices" aria-label="[[Filter]]"><ul>{{#selections}}<li><a href="{{selectionAddress}}"{{#isCurrent}} aria-current="page"{{/isCurrent}}>{{selectionName}}</a></li>{{/selections}}</ul></nav>
        {{^rows}}<p class="empty">[[No delivery matches.]]</p>{{/rows}}
        {{#hasRows}}<div class="scroll"><table class="stacked"><caption class="hidden">[[Deliveries]]</caption>
        <thead><tr><th scope="col">[[State]]</th><th scope="col">[[Receiver]]</th><th scope="col">[[Notice]]</th><th scope="col">[[Decided]]</th><th scope="col">[[What happens next]]</th><th scope="col">[[Attempts]]</th></tr></thead>
        <tbody>{{#rows}}<tr><td>{{#mark}}{{>mark}}{{/mark}}<span class="detail">#{{id}}</span></td><td data-label="[[Receiver]]"><bdi>{{receiver}}</bdi></td><td data-label="[[Notice]]"><b>{{notice}}</b><span class="detail">{{#address}}<a href="{{address}}"><bdi>{{about}}</bdi></a>{{/address}}{{^address}}<bdi>{{about}}</bdi>{{/address}}</span></td><td data-label="[[Decided]]">{{#decided}}{{>time}}{{/decided}}</td><td data-label="[[What happens next]]"><bdi>{{deliveryDetail}}</bdi></td><td data-label="[[Attempts]]">{{#attempts}}<span class="attempt"><bdi>{{value}}</bdi></span>{{/attempts}}</td></tr>
        {{/rows}}</tbody></table></div>{{/hasRows}}
        {{>more}}
        {{>foot}}
        """

    static let silencesSource = """
        {{>head}}
        <h1>[[Silences]]</h1>
        {{^rows}}<p class="empty">[[Nothing is silenced. `notafter silence add` makes a silence.]]</p>{{/rows}}
        {{#hasRows}}<div class="scroll"><table class="stacked"><caption class="hidden">[[Silences]]</caption>
        <thead><tr><th scope="col">[[State]]</th><th scope="col">[[What it silences]]</th><th scope="col">[[Reason]]</th><th scope="col">[[Until]]</th><th scope="col" class="number">[[Deliveries held]]</th></tr></thead>
        <tbody>{{#rows}}<tr><td>{{#mark}}{{>mark}}{{/mark}}<span class="detail">#{{id}}</span></td><td data-label="[[What it silences]]">{{#matchers}}<code><bdi>{{value}}</bdi></code> {{/matchers}}</td><td data-label="[[Reason]]"><bdi>{{reason}}</bdi><span class="detail"><bdi>{{author}}</bdi></span></td><td data-label="[[Until]]">{{#over}}{{>time}}{{/over}}</td><td data-label="[[Deliveries held]]" class="number">{{held}}</td></tr>
        {{/rows}}</tbody></table></div>{{/hasRows}}
        {{>foot}}
        """

    static let healthSource = """
        {{>head}}
        <h1>[[Health of notafter]]</h1>
        <section class="verdict {{verdictClass}}" aria-label="[[State]]">
        {{#sentences}}<p class="sentence"><span class="shape" aria-hidden="true">{{markShape}}</span> {{sentence}}</p>
        {{/sentences}}
        <p class="passes">{{passes}}</p>
        </section>
        <div class="columns">
        <section aria-labelledby="facts"><h2 id="facts">[[Facts]]</h2>
        <dl class="facts">{{#facts}}<div><dt>{{factName}}</dt><dd>{{#factTime}}{{>time}}{{/factTime}}<bdi>{{factValue}}</bdi></dd></div>
        {{/facts}}</dl></section>
        <section aria-labelledby="unread"><h2 id="unread">[[Could not be read]]</h2>
        {{^defects}}<p class="empty">[[Everything was read.]]</p>{{/defects}}
        <ul class="rows">{{#defects}}<li><code><bdi>{{place}}</bdi></code><span class="detail"><bdi>{{registration}}</bdi> · <bdi>{{defect}}</bdi></span></li>
        {{/defects}}</ul>{{#moreDefects}}<p class="more">{{moreDefects}}</p>{{/moreDefects}}</section>
        <section aria-labelledby="next"><h2 id="next">[[Next alerts]]</h2>
        {{^next}}<p class="empty">[[No alert is due.]]</p>{{/next}}
        <ul class="rows">{{#next}}<li><bdi>{{name}}</bdi><span class="detail">{{#due}}{{>time}}{{/due}}</span></li>
        {{/next}}</ul></section>
        </div>
        {{>foot}}
        """
}
