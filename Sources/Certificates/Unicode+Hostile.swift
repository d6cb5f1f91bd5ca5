extension Unicode.Scalar {
    /// Whether this does something else than to be seen: text from certificates, files and servers that held it could
    /// move a cursor, forge a line, or turn or hide what stands beside it.
    package var isHostile: Bool {
        switch properties.generalCategory {
        // Controls; formats, which turn or hide text; line and paragraph separators; what has no meaning at all.
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}
