/// Who hears of what. The first rule that matches names the receivers; so far there is one rule, and it matches everything.
package struct Route: Hashable, Sendable {
    /// Names of receivers, without repeats, in the configuration's order.
    package let receivers: [String]

    package init(receivers: [String]) {
        self.receivers = receivers
    }
}
