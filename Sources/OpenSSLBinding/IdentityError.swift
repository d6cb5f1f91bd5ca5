/// A client identity that could not be built.
package struct IdentityError: Error, Hashable, Sendable {
    /// Which input is at fault.
    package enum Part: Hashable, Sendable {
        case certificate
        case key
    }

    package let part: Part
    package let reason: TLSMaterialError
}
