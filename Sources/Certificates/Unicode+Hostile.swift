extension Unicode.Scalar {
    /// Whether the scalar does more than display a character. In text from certificates, files and servers such a
    /// scalar could move the cursor, forge a line, or reverse or hide the text beside it.
    package var isHostile: Bool {
        // Most text is ASCII, and the lookup of the category is slow.
        if isASCII { return value < 0x20 || value == 0x7F }
        return switch properties.generalCategory {
        // Controls, formats (which reverse or hide text), line and paragraph separators, and scalars without a meaning.
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}
