extension StringProtocol {
    /// The text with each occurrence of `scalar` replaced.
    ///
    /// Escaping needs this and not `replacing(_:with:)`, which compares `Character`s: a quotation mark that a combining
    /// mark follows is another `Character`, and still ends what it quotes.
    package func replacing(scalar: Unicode.Scalar, with replacement: String) -> String {
        guard unicodeScalars.contains(scalar) else { return String(self) }
        var result = String.UnicodeScalarView()
        for current in unicodeScalars {
            if current == scalar {
                result.append(contentsOf: replacement.unicodeScalars)
            } else {
                result.append(current)
            }
        }
        return String(result)
    }
}
