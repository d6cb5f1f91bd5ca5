/// `1 file`, `2 files`. All plural forms in sentences come from here and from `agreeing`.
package func counted(_ count: some BinaryInteger, _ noun: String, plural: String? = nil) -> String {
    "\(count) \(agreeing(count, noun, plural ?? noun + "s"))"
}

/// The form of a word that agrees with `count`: `agreeing(1, "is", "are")` is `is`.
package func agreeing(_ count: some BinaryInteger, _ singular: String, _ plural: String) -> String {
    count == 1 ? singular : plural
}

/// `a`, `a and b`, `a, b and c`.
package func listed(_ names: some Collection<String>) -> String {
    [names.dropLast().joined(separator: ", "), names.suffix(1).joined()].filter { !$0.isEmpty }
        .joined(separator: " and ")
}
