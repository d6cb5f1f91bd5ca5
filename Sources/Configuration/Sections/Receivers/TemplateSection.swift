import Delivery
import FileReading

/// `template`: what a receiver says in Mustache, compiled here so that a mistake is found before it is needed.
enum TemplateSection {
    enum Key: String, CaseIterable {
        case title, text
        case textFile = "text_file"
    }

    private static let fileLimit = 65_536

    /// - Returns: nil, and reported, for what cannot be used.
    static func read(_ cursor: Cursor) -> MessageTemplate? {
        guard let section = Section<Key>(cursor) else { return nil }
        let title = section[.title].map(source)
        let text: TemplateSource??
        switch (section[.text], section[.textFile]) {
        case (_?, let file?):
            file.report("text and text_file exclude each other")
            text = .some(nil)
        case (let inline?, nil): text = source(inline)
        case (nil, let file?): text = sourceInFile(file)
        case (nil, nil): text = nil
        }
        // A key that is there and could not be used.
        if case .some(nil) = title { return nil }
        if case .some(nil) = text { return nil }
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

    private static func sourceInFile(_ cursor: Cursor) -> TemplateSource? {
        guard let path = cursor.filePath() else { return nil }
        let bytes: [UInt8]
        do throws(RegularFile.Failure) {
            bytes = try RegularFile.read(path, limit: fileLimit)
        } catch {
            cursor.report("the file \(error.clause)")
            return nil
        }
        do throws(TemplateError) {
            return try TemplateSource(String(decoding: bytes, as: UTF8.self))
        } catch {
            cursor.report("\(path):\(error.line):\(error.column): \(error.reason)")
            return nil
        }
    }
}
