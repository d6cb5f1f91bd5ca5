import Delivery

/// `heartbeat`: who hears how passes go.
enum HeartbeatSection {
    static func read(_ cursor: Cursor) -> Heartbeat? {
        ReceiverSection.read(cursor, keys: Heartbeat.keys, problems: Heartbeat.problems).flatMap(Heartbeat.init)
    }
}
