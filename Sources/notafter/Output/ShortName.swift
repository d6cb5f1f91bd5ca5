import Certificates

/// A distinguished name in a narrow column.
enum ShortName {
    /// The name, escaped, in at most so many columns: whole, or its Common Name and an ellipsis, or the start of that.
    static func of(_ name: String, within columns: Int) -> String {
        let whole = TerminalText.escaped(name)
        guard DisplayWidth.columns(of: whole) > columns else { return whole }
        let commonName = DistinguishedName(name).first("CN").map { "CN=\($0),…" }
        return DisplayWidth.start(of: commonName.map { TerminalText.escaped($0) } ?? whole, within: columns)
    }
}
