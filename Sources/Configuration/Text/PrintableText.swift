import Certificates

/// Text from the file for a message: in quotes, of limited length, and without characters that control a terminal.
func quoted(_ text: String) -> String {
    let limit = 64
    var result = "\""
    for scalar in text.unicodeScalars.prefix(limit) {
        if scalar.isHostile {
            result += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result + (text.unicodeScalars.count > limit ? "…\"" : "\"")
}

/// A key for a message, cut at the first character that names cannot have.
///
/// YAML reads `url:https://…` without a space as a key, and the part after the colon may be a secret.
func printableKey(_ key: String) -> String {
    let limit = 40
    guard !key.hasPrefix("whsec_") else { return "…" }
    let head = key.unicodeScalars.prefix(limit).prefix(while: isNameCharacter)
    return String(head) + (head.count < key.unicodeScalars.count ? "…" : "")
}

extension String {
    /// Whether the text is a valid name of an entry: at most 64 of `[A-Za-z0-9._-]`.
    package var isEntryName: Bool {
        unicodeScalars.allSatisfy(isNameCharacter) && (1...64).contains(utf8.count)
    }
}

/// Whether names can contain `scalar`: `[A-Za-z0-9._-]`.
func isNameCharacter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
    default: false
    }
}
