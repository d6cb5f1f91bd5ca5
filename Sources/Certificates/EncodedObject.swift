/// A certificate or list with its DER.
package struct EncodedObject: Hashable, Sendable {
    package let object: WatchedObject
    package let der: [UInt8]
    /// The lowest position at which a file of the requested registration contains it. 0 for a certificate that is alone
    /// or first.
    package let position: Int

    package init(object: WatchedObject, der: [UInt8], position: Int) {
        self.object = object
        self.der = der
        self.position = position
    }
}
