import Delivery

/// `heartbeat`: the URL that is pinged after each pass.
enum HeartbeatSection {
    static func read(_ cursor: Cursor) -> Heartbeat? {
        ReceiverSection.read(cursor, keys: Heartbeat.keys, problems: Heartbeat.problems).flatMap(Heartbeat.init)
    }
}
