/// The parts of a URL that may be secret: user information, path and query.
struct SecretParts {
    private let parts: [Substring]

    init(of url: String) {
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let end = url[start...].firstIndex { "/?#".contains($0) } ?? url.endIndex
        let authority = url[start..<end]
        let userInformation = authority.lastIndex(of: "@").map { authority[..<$0] } ?? ""
        self.parts = [userInformation, url[end...]].filter { $0.count > 1 }
    }

    func occur(in text: String) -> Bool {
        parts.contains { text.contains($0) }
    }
}
