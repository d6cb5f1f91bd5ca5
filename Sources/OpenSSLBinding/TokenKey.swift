import COpenSSL
import Synchronization

/// Private keys that stay on their token, used through OpenSSL's engine `pkcs11` (libp11).
enum TokenKey {
    /// A functional reference, kept for the life of the process.
    private struct Engine: @unchecked Sendable {  // because it is used under the lock only
        let reference: UnsafeMutableRawPointer
    }

    private struct State {
        /// nil until the engine is found, so that it can be installed without a restart.
        var engine: Engine?
        /// Each token with a PIN that it rejected. These are not tried again, since a token locks itself permanently
        /// after a few wrong PINs.
        var wrongPINs: Set<[String]> = []
    }

    /// The engine's search and its logins are not thread-safe.
    private static let state = Mutex(State())

    /// `CKR_PIN_INCORRECT` to `CKR_PIN_LOCKED`
    private static let pinReasons: ClosedRange<Int32> = 0xA0...0xA4

    /// The private key at `uri`, which the caller owns.
    ///
    /// - Parameters:
    ///   - uri: RFC 7512, without a PIN.
    ///   - pin: the PIN for the token. nil when it needs none. There is no prompt.
    /// - Returns: the key, which signs on the token.
    /// - Throws: `TLSMaterialError`
    static func load(_ uri: String, pin: [UInt8]?) throws(TLSMaterialError) -> OpaquePointer {
        let attempt = [token(of: uri), pin.map { String(decoding: $0, as: UTF8.self) } ?? ""]
        // A closure of withLock cannot throw a typed error, so it returns a result.
        let result = state.withLock { state -> Result<UInt, TLSMaterialError> in
            guard !state.wrongPINs.contains(attempt) else { return .failure(.wrongPIN) }
            OpenSSLError.clear()
            defer { OpenSSLError.clear() }
            state.engine = state.engine ?? notafter_pkcs11_engine().map(Engine.init)
            guard let engine = state.engine else { return .failure(.noTokenEngine) }
            let key = notafter_pkcs11_key(engine.reference, pin.map { opened(uri, by: $0) } ?? uri)
            guard let key else {
                let failure = failure()
                if failure == .wrongPIN { state.wrongPINs.insert(attempt) }
                return .failure(failure)
            }
            return .success(UInt(bitPattern: UnsafeRawPointer(key)))
        }
        guard let key = OpaquePointer(bitPattern: try result.get()) else { throw .noTokenObject }
        return key
    }

    private static func failure() -> TLSMaterialError {
        let error = OpenSSLError.drained(after: "ENGINE_load_private_key")
        let isPIN = error.entries.contains { entry in
            entry.library.contains("PKCS#11") && pinReasons.contains(ERR_GET_REASON(entry.code))
        }
        return isPIN ? .wrongPIN : .noTokenObject
    }

    /// The attributes of a URI that identify the token, without those of the object on it.
    private static func token(of uri: String) -> String {
        let attributes = uri.prefix { $0 != "?" }.dropFirst("pkcs11:".count).split(separator: ";")
        return attributes.filter { attribute in !["object=", "id=", "type="].contains(where: attribute.hasPrefix) }
            .sorted().joined(separator: ";")
    }

    /// The URI with the PIN as a query attribute, each octet percent-encoded.
    private static func opened(_ uri: String, by pin: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF")
        let encoded = pin.flatMap { ["%", digits[Int($0 >> 4)], digits[Int($0 & 15)]] as [Character] }
        return uri + (uri.contains("?") ? "&" : "?") + "pin-value=" + String(encoded)
    }
}
