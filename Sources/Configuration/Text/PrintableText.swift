import Certificates

/// Text from the file as a message may hold it: in quotes, cut to a length, and without what a terminal would obey.
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

/// A key as a message may hold it: only as far as it looks like one.
///
/// `url:https://…` without a blank is a key to YAML, and what follows the colon may be a secret.
func printableKey(_ key: String) -> String {
    let limit = 40
    guard !key.hasPrefix("whsec_") else { return "…" }
    let head = key.unicodeScalars.prefix(limit).prefix(while: isNameCharacter)
    return String(head) + (head.count < key.unicodeScalars.count ? "…" : "")
}

extension String {
    /// Whether an entry can be called so: at most 64 of `[A-Za-z0-9._-]`.
    var isEntryName: Bool {
        unicodeScalars.allSatisfy(isNameCharacter) && (1...64).contains(utf8.count)
    }
}

/// Whether names may hold `scalar`: `[A-Za-z0-9._-]`.
func isNameCharacter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
    default: false
    }
}
