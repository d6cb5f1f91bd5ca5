extension PageTemplate {
    static let certificatesSource = """
        {{>head}}
        <h1>{{title}}</h1>
        <form class="filter" action="certificates" method="get" aria-label="[[Filter]]">
        {{#choices}}<label>{{choiceName}} <select name="{{choiceKey}}"><option value="">[[any]]</option>{{#options}}<option value="{{optionValue}}"{{#isChosen}} selected{{/isChosen}}>{{optionName}}</option>{{/options}}</select></label>
        {{/choices}}
        <label>[[Label]] <input name="label" value="{{label}}" placeholder="team=edge" size="12" maxlength="200"></label>
        <label>[[Text]] <input name="text" value="{{searched}}" size="14" maxlength="200"></label>
        <label>[[Within days]] <input name="within" value="{{within}}" inputmode="numeric" size="4" maxlength="5"></label>
        <button>[[Filter]]</button>{{#isFiltered}} <a href="certificates">[[Show all]]</a>{{/isFiltered}}
        </form>
        {{#unknown}}<p class="warning">{{value}}</p>
        {{/unknown}}
        {{^rows}}<p class="empty">[[No certificate or list matches.]]</p>{{/rows}}
        {{#hasRows}}<div class="scroll"><table class="stacked"><caption class="hidden">{{title}}</caption>
        <thead><tr><th scope="col">[[State]]</th><th scope="col">[[Name]]</th><th scope="col">[[Ends]]</th><th scope="col">[[Role]]</th><th scope="col">[[Owner]]</th><th scope="col" class="number">[[Places]]</th></tr></thead>
        <tbody>{{#rows}}<tr><td>{{#mark}}{{>mark}}{{/mark}}</td><td data-label="[[Name]]"><a href="{{address}}"><bdi>{{name}}</bdi></a><span class="detail"><bdi>{{wholeName}}</bdi></span>{{#problems}}<span class="detail">{{value}}</span>{{/problems}}</td><td data-label="[[Ends]]">{{#ends}}{{>time}}{{/ends}}{{^ends}}{{endWord}}{{/ends}}{{#because}}<span class="detail"><bdi>{{because}}</bdi></span>{{/because}}</td><td data-label="[[Role]]">{{role}}<span class="detail"><bdi>{{registration}}</bdi></span></td><td data-label="[[Owner]]"><bdi>{{owner}}</bdi></td><td data-label="[[Places]]" class="number">{{places}}</td></tr>
        {{/rows}}</tbody></table></div>{{/hasRows}}
        {{#unsearched}}<p class="warning">{{unsearched}}</p>{{/unsearched}}
        {{>more}}
        {{>foot}}
        """

    static let certificateSource = """
        {{>head}}
        <h1><bdi>{{name}}</bdi></h1>
        <p class="lead">{{#mark}}{{>mark}}{{/mark}} {{role}} · {{#ends}}[[ends]] {{>time}}{{/ends}}{{^ends}}{{endWord}}{{/ends}}{{#because}} · <bdi>{{because}}</bdi>{{/because}}</p>
        {{#life}}<div class="drawing">{{life}}</div>{{/life}}
        {{#flaws}}<section class="finding"><h2>{{#flawMark}}{{>mark}}{{/flawMark}} <code>{{flawCode}}</code></h2><p><bdi>{{flawMessage}}</bdi></p><p><b>[[Next step]]</b> {{remedy}}</p></section>
        {{/flaws}}
        <div class="columns">
        <section aria-labelledby="facts"><h2 id="facts">[[Facts]]</h2>
        <dl class="facts">{{#facts}}<div><dt>{{factName}}</dt><dd>{{#factValues}}<bdi>{{value}}</bdi>{{/factValues}}</dd></div>
        {{/facts}}</dl></section>
        <section aria-labelledby="chain"><h2 id="chain">[[Chain]]</h2>
        {{^chain}}<p class="empty">[[No certificate that it needs is known: its registration names no issuer, or it needs none.]]</p>{{/chain}}
        <ul class="rows">{{#chain}}<li><a href="{{relativeAddress}}"><bdi>{{relative}}</bdi></a><span class="detail">{{relativeKind}}{{#relativeEnds}} · {{>time}}{{/relativeEnds}}</span></li>
        {{/chain}}</ul>
        <h2>[[What depends on it]]</h2>
        {{^hasDependents}}<p class="empty">[[Nothing depends on it.]]</p>{{/hasDependents}}
        <ul class="rows">{{#dependents}}<li><a href="{{relativeAddress}}"><bdi>{{relative}}</bdi></a><span class="detail">{{relativeKind}}{{#relativeEnds}} · {{>time}}{{/relativeEnds}}</span></li>
        {{/dependents}}{{#opens}}<li>[[Endpoint]] <a href="{{endpointAddress}}"><bdi>{{endpointName}}</bdi></a></li>
        {{/opens}}</ul>{{#moreDependents}}<p class="more">{{moreDependents}}</p>{{/moreDependents}}
        </section>
        <section aria-labelledby="places"><h2 id="places">[[Places]]</h2>
        <ul class="rows">{{#places}}<li><code><bdi>{{place}}</bdi></code><span class="detail"><bdi>{{registration}}</bdi> · {{#seen}}[[since]] {{>time}}{{/seen}}{{#placeState}} · {{placeState}}{{/placeState}}</span></li>
        {{/places}}</ul>
        <h2>[[Renewals]]</h2>
        {{^namesakes}}<p class="empty">[[No other certificate has these names.]]</p>{{/namesakes}}
        <ul class="rows">{{#namesakes}}<li><a href="{{relativeAddress}}"><bdi>{{relative}}</bdi></a><span class="detail">{{relativeKind}}{{#relativeEnds}} · {{>time}}{{/relativeEnds}}</span></li>
        {{/namesakes}}</ul></section>
        </div>
        <section aria-labelledby="story"><h2 id="story">[[Notices and deliveries]]</h2>
        <p class="lead">{{prospect}}</p>
        {{^decisions}}<p class="empty">[[Nothing was decided about it yet.]]</p>{{/decisions}}
        <ol class="story">{{#decisions}}<li>{{#decided}}{{>time}}{{/decided}} <b>{{decision}}</b> {{decisionState}}{{#decisionMessage}}<span class="detail"><bdi>{{decisionMessage}}</bdi></span>{{/decisionMessage}}
        <ul>{{#deliveries}}<li>{{#deliveryMark}}{{>mark}}{{/deliveryMark}} <bdi>{{receiver}}</bdi><span class="detail"><bdi>{{deliveryDetail}}</bdi></span></li>{{/deliveries}}</ul></li>
        {{/decisions}}</ol></section>
        {{>foot}}
        """
}
