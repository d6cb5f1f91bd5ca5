import ExpiryRules
import Testing

struct DeliveryProgressTests {
    /// The state after each event, by state; a dash where the event does not apply. Columns: pending, sending, retry,
    /// unknown, parked, delivered, superseded, cancelled, expired. `revived` is in a table of its own.
    private static let table: [(DeliveryEvent, String)] = [
        (.leased, "sending - sending sending sending - - - -"),
        (.leaseExpired, "- unknown - - - - - - -"),
        (
            .accepted,
            "delivered delivered delivered delivered delivered delivered delivered delivered delivered"
        ),
        (.failed, "- retry - - - - - - -"),
        (.unanswered, "- unknown - - - - - - -"),
        (.refused, "- parked - - - - - - -"),
        (.superseded, "superseded - superseded superseded superseded - - - -"),
        (.cancelled, "cancelled - cancelled cancelled cancelled - - - -"),
        (.receiverRemoved, "cancelled cancelled cancelled cancelled cancelled - - - -"),
        (.expired, "expired - expired expired expired - - - -"),
    ]

    @Test(arguments: table)
    func `an event leads from each state to this one`(event: DeliveryEvent, row: String) {
        let expected = row.split(separator: " ").map { $0 == "-" ? nil : DeliveryState(rawValue: String($0)) }
        #expect(DeliveryState.allCases.map { DeliveryProgress(state: $0).after(event)?.state } == expected)
    }

    @Test func `the table has every event`() {
        #expect(Set(Self.table.map(\.0)).union([.revived]) == Set(DeliveryEvent.allCases))
    }

    @Test(arguments: [
        (seen: false, attempts: 0, state: DeliveryState.pending), (false, 2, .retry), (true, 1, .unknown),
    ])
    func `what is revived goes on where its attempts left it`(seen: Bool, attempts: Int, state: DeliveryState) {
        for ended in DeliveryState.allCases {
            let progress = DeliveryProgress(state: ended, mayHaveBeenSeen: seen, attempts: attempts)
            #expect(progress.after(.revived)?.state == ([.cancelled, .expired].contains(ended) ? state : nil))
        }
    }

    @Test func `only a lease counts an attempt`() {
        for state in DeliveryState.allCases {
            for event in DeliveryEvent.allCases {
                let next = DeliveryProgress(state: state, attempts: 3).after(event)
                #expect(next == nil || next?.attempts == (event == .leased ? 4 : 3))
            }
        }
    }

    @Test func `an attempt without a known result is never forgotten`() {
        for event in DeliveryEvent.allCases {
            let next = DeliveryProgress(state: .sending, attempts: 1).after(event)
            let isLost = [.leaseExpired, .unanswered, .receiverRemoved].contains(event)
            #expect(next == nil || next?.mayHaveBeenSeen == isLost)
            for state in DeliveryState.allCases {
                let progress = DeliveryProgress(state: state, mayHaveBeenSeen: true, attempts: 1)
                #expect(progress.after(event)?.mayHaveBeenSeen != false)
            }
        }
    }
}
