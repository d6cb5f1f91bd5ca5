/// A client identity that could not be loaded.
package struct IdentityError: Error, Hashable, Sendable {
    /// The input at fault.
    package enum Part: Hashable, Sendable {
        case certificate
        case key
    }

    package let part: Part
    package let reason: TLSMaterialError
}
