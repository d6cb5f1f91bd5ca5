import Certificates

/// Quotes untrusted text for YAML, in double quotes or in a comment, so that it cannot end either.
enum YAMLQuoting {
    /// A double-quoted scalar (YAML 1.1, 5.7).
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.isHostile: result += "\\U" + hexadecimal(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// The text after `# ` on a line of its own.
    static func comment(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            if scalar.isHostile {
                result += "\\U" + hexadecimal(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    /// Eight digits.
    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
