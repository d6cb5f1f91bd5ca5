import Certificates
import LedgerStorage

/// The list of deliveries, the newest first.
struct DeliveriesPage {
    private static let limit = 50

    let content: PageContent

    init(_ context: PageContext, selection: DeliveryPage.Selection, before id: Int64?) async throws {
        let page = try await context.ledger.deliveryPage(selection, before: id, limit: Self.limit)
        let next = page.next.map { PageAddress.deliveries(selection, before: $0).relativePath }
        content = PageContent(
            template: .deliveries, title: context.words.word("Deliveries"),
            values: [
                "rows": .list(page.deliveries.map { DeliveryFacts(delivery: $0, context: context).values }),
                "hasRows": .flag(!page.deliveries.isEmpty), "nextPage": .text(optional: next),
                "firstPage": .text(id == nil ? "" : PageAddress.deliveries(selection, before: nil).relativePath),
                "selections": .list(
                    DeliveryPage.Selection.allCases.map { choice in
                        [
                            "selectionName": .text(context.words.word(choice.rawValue)),
                            "selectionAddress": .text(PageAddress.deliveries(choice, before: nil).relativePath),
                            "isCurrent": .flag(choice == selection),
                        ]
                    }),
            ])
    }
}
