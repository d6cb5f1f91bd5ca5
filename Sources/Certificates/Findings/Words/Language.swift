/// The languages of messages and pages. Raw values are BCP 47 tags.
package enum Language: String, Hashable, Sendable, CaseIterable {
    case english = "en"
    case japanese = "ja"
}
