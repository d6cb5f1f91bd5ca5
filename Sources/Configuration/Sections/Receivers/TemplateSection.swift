import Messages

/// `template`: Mustache templates of a receiver. They are compiled here, so that a mistake is found before the first
/// message.
enum TemplateSection {
    enum Key: String, CaseIterable {
        case title, text
        case textFile = "text_file"
    }

    /// - Returns: nil, after a report, for an invalid template. An invalid file leaves the built-in text in place.
    static func read(_ cursor: Cursor) -> MessageTemplate? {
        guard let section = Section<Key>(cursor) else { return nil }
        let title = section[.title].map(source)
        let text = section[.text].map(source)
        if section[.text] != nil, let file = section[.textFile] {
            file.report("text and text_file exclude each other")
            return nil
        }
        // The key is present, but its template is invalid.
        if case .some(nil) = title { return nil }
        if case .some(nil) = text { return nil }
        if let file = section[.textFile] { return template(title: title ?? nil, textIn: file) }
        return MessageTemplate(title: title ?? nil, text: text ?? nil)
    }

    private static func source(_ cursor: Cursor) -> TemplateSource? {
        guard let text = cursor.multilineText() else { return nil }
        do throws(TemplateError) {
            return try TemplateSource(text)
        } catch {
            cursor.report("in line \(error.line), column \(error.column) of the template: \(error.reason)")
            return nil
        }
    }

    private static func template(title: TemplateSource?, textIn cursor: Cursor) -> MessageTemplate? {
        guard let path = cursor.filePath() else { return nil }
        cursor.name(.template, path)
        do throws(TemplateFile.Problem) {
            return MessageTemplate(title: title, text: try TemplateFile.read(path))
        } catch {
            return MessageTemplate(title: title, text: nil, unusableFile: error.description(of: path))
        }
    }
}
