extension PageTemplate {
    static let overviewSource = """
        {{>head}}
        <h1 class="hidden">[[Overview]]</h1>
        <section class="verdict {{verdictClass}}" aria-label="[[State]]">
        {{#sentences}}<p class="sentence"><span class="shape" aria-hidden="true">{{markShape}}</span> {{sentence}}</p>
        {{/sentences}}
        <p class="passes">{{passes}}</p>
        </section>
        <section aria-labelledby="needs">
        <h2 id="needs">[[Needs you now]]</h2>
        {{^notices}}<p class="empty">[[Nothing needs you now.]]</p>{{/notices}}
        {{#hasNotices}}{{>notices}}{{/hasNotices}}
        {{#moreNotices}}<p class="more">{{moreNotices}}</p>{{/moreNotices}}
        </section>
        <section aria-labelledby="year">
        <h2 id="year">[[The next twelve months]]</h2>
        <div class="drawing">{{timeline}}</div>
        <ul class="legend">{{#legend}}<li><svg class="key" viewBox="0 0 12 12" aria-hidden="true" focusable="false"><rect class="{{barClass}}" width="12" height="12" rx="2"/></svg> {{barName}} <b>{{barCount}}</b></li>{{/legend}}</ul>
        <details><summary>[[The same as a table]]</summary>
        <table><caption class="hidden">[[Ends in each month]]</caption>
        <thead><tr><th scope="col">[[Month]]</th><th scope="col" class="number">[[CAs]]</th><th scope="col" class="number">[[Certificates]]</th><th scope="col" class="number">[[Revocation lists]]</th></tr></thead>
        <tbody>{{#months}}<tr><th scope="row"><a href="{{monthAddress}}">{{month}}</a></th><td class="number">{{authorities}}</td><td class="number">{{leaves}}</td><td class="number">{{lists}}</td></tr>
        {{/months}}</tbody></table></details>
        </section>
        <div class="columns">
        <section aria-labelledby="soonest">
        <h2 id="soonest">[[Soonest to end]]</h2>
        {{^soonest}}<p class="empty">[[Nothing is watched yet.]]</p>{{/soonest}}
        <ol class="rows">{{#soonest}}<li><a href="{{address}}"><bdi>{{name}}</bdi></a>{{#mark}}{{>mark}}{{/mark}}<span class="detail">{{#ends}}{{>time}}{{/ends}}{{#owner}} · <bdi>{{owner}}</bdi>{{/owner}}</span></li>
        {{/soonest}}</ol>
        <p class="more"><a href="certificates">{{allCertificates}}</a></p>
        </section>
        <section aria-labelledby="endpoints">
        <h2 id="endpoints">[[Endpoints]]</h2>
        {{^endpoints}}<p class="empty">[[No endpoint is probed.]]</p>{{/endpoints}}
        <ul class="rows">{{#endpoints}}<li><a href="{{address}}"><bdi>{{name}}</bdi></a>{{#mark}}{{>mark}}{{/mark}}<span class="detail">{{strip}}</span></li>
        {{/endpoints}}</ul>
        {{#endpoints}}{{#isLast}}<p class="more"><a href="endpoints">[[All endpoints]]</a></p>{{/isLast}}{{/endpoints}}
        </section>
        <section aria-labelledby="messages">
        <h2 id="messages">[[Messages]]</h2>
        <dl class="figures">{{#outbox}}<div><dt>{{figureName}}</dt><dd><a href="{{figureAddress}}">{{figure}}</a></dd></div>{{/outbox}}</dl>
        {{^receivers}}<p class="empty">[[No receiver is configured.]]</p>{{/receivers}}
        <ul class="rows">{{#receivers}}<li><bdi>{{name}}</bdi>{{#mark}}{{>mark}}{{/mark}}<span class="detail">{{receiverDetail}}</span></li>
        {{/receivers}}</ul>
        </section>
        </div>
        {{>foot}}
        """

    static let noticesSource = """
        <div class="scroll"><table class="stacked"><caption class="hidden">[[Needs you now]]</caption>
        <thead><tr><th scope="col">[[State]]</th><th scope="col">[[What]]</th><th scope="col">[[Ends or since]]</th><th scope="col">[[Owner]]</th><th scope="col">[[Sent to]]</th><th scope="col">[[Next step]]</th></tr></thead>
        <tbody>{{#notices}}<tr><td>{{#mark}}{{>mark}}{{/mark}}</td><td data-label="[[What]]">{{#address}}<a href="{{address}}"><bdi>{{name}}</bdi></a>{{/address}}{{^address}}<bdi>{{name}}</bdi>{{/address}}<span class="detail"><bdi>{{about}}</bdi></span></td><td data-label="[[Ends or since]]">{{#when}}{{>time}}{{/when}}</td><td data-label="[[Owner]]"><bdi>{{owner}}</bdi></td><td data-label="[[Sent to]]">{{#tellings}}<span class="telling"><bdi>{{receiver}}</bdi> {{telling}}</span> {{/tellings}}{{^tellings}}[[no receiver]]{{/tellings}}</td><td data-label="[[Next step]]">{{remedy}}</td></tr>
        {{/notices}}</tbody></table></div>
        """
}
