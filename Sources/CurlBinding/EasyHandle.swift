import CCurl

/// An option that libcurl rejected.
struct OptionError: Error {
    let code: TransferCode
}

/// The sole owner of one libcurl easy handle and of the memory that the handle points to.
///
/// Confined to the thread of its `TransferDriver`.
struct EasyHandle: ~Copyable {
    private let handle: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    /// Lists that the handle reads during its lifetime.
    private var lists: [UnsafeMutablePointer<curl_slist>] = []

    init() throws(OptionError) {
        guard let handle = curl_easy_init() else {
            throw OptionError(code: TransferCode(CURLE_OUT_OF_MEMORY))
        }
        self.handle = handle
        self.errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        // libcurl accepts any pointer here. A failure would only lose the message.
        _ = notafter_easy_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
    }

    deinit {
        curl_easy_cleanup(handle)
        lists.forEach(curl_slist_free_all)
        errorText.deallocate()
    }

    /// Identifies the handle in libcurl's callbacks.
    var identity: UInt { UInt(bitPattern: handle) }

    /// Passes the pointer to `body`, which must not keep it.
    func withPointer<Result>(_ body: (UnsafeMutableRawPointer) -> Result) -> Result {
        body(handle)
    }

    // MARK: Options

    func set(_ option: CURLoption, _ value: Int) throws(OptionError) {
        try Self.check(notafter_easy_set_long(handle, option, value))
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ text: String) throws(OptionError) {
        try Self.check(notafter_easy_set_pointer(handle, option, text))
    }

    func setNull(_ option: CURLoption) throws(OptionError) {
        try Self.check(notafter_easy_set_pointer(handle, option, nil))
    }

    /// The pointer must outlive the handle.
    func set(_ option: CURLoption, pointer: UnsafeRawPointer) throws(OptionError) {
        try Self.check(notafter_easy_set_pointer(handle, option, pointer))
    }

    func set(_ option: CURLoption, callback: curl_write_callback) throws(OptionError) {
        try Self.check(notafter_easy_set_data_callback(handle, option, callback))
    }

    func set(readCallback: curl_read_callback) throws(OptionError) {
        try Self.check(notafter_easy_set_read_callback(handle, readCallback))
    }

    func set(socketCallback: curl_opensocket_callback) throws(OptionError) {
        try Self.check(notafter_easy_set_socket_callback(handle, socketCallback))
    }

    func set(_ option: CURLoption, size: Int) throws(OptionError) {
        try Self.check(notafter_easy_set_size(handle, option, curl_off_t(size)))
    }

    func set(tlsCallback: curl_ssl_ctx_callback) throws(OptionError) {
        try Self.check(notafter_easy_set_tls_callback(handle, tlsCallback))
    }

    func set(socketOptionCallback: curl_sockopt_callback) throws(OptionError) {
        try Self.check(notafter_easy_set_sockopt_callback(handle, socketOptionCallback))
    }

    mutating func set(_ option: CURLoption, list: [String]) throws(OptionError) {
        var head: UnsafeMutablePointer<curl_slist>?
        for text in list {
            guard let longer = curl_slist_append(head, text) else {
                curl_slist_free_all(head)
                throw OptionError(code: TransferCode(CURLE_OUT_OF_MEMORY))
            }
            head = longer
        }
        guard let head else { return }
        lists.append(head)
        try set(option, pointer: head)
    }

    /// Copies the request's body into the handle.
    func set(body: [UInt8]) throws(OptionError) {
        try set(CURLOPT_POST, 1)
        try Self.check(notafter_easy_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        let code = body.withUnsafeBytes { bytes in
            // An empty array has no address, and with a null pointer libcurl would ask its read callback for the body.
            bytes.baseAddress.map { notafter_easy_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, $0) }
        }
        if let code {
            try Self.check(code)
        } else {
            try set(CURLOPT_COPYPOSTFIELDS, "")
        }
    }

    /// Announces a request body of `count` bytes, at least one, which the read callback gives. libcurl cannot go back in
    /// it, so it never sends the request a second time by itself.
    func set(streamedBodyOf count: Int) throws(OptionError) {
        try set(CURLOPT_POST, 1)
        try set(CURLOPT_POSTFIELDSIZE_LARGE, size: count)
    }

    private static func check(_ code: CURLcode) throws(OptionError) {
        guard code == CURLE_OK else { throw OptionError(code: TransferCode(code)) }
    }

    // MARK: Results

    /// libcurl's text of the first error. Empty when there was none.
    var errorMessage: String { String(cString: errorText) }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        return notafter_easy_get_long(handle, info, &value) == CURLE_OK ? value : 0
    }

    func size(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return notafter_easy_get_size(handle, info, &value) == CURLE_OK ? Int(value) : 0
    }

    func string(_ info: CURLINFO) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        guard notafter_easy_get_string(handle, info, &value) == CURLE_OK, let value else { return nil }
        return String(cString: value)
    }

    /// The connection's socket. libcurl remains its owner.
    var socket: Int32? {
        var value: curl_socket_t = -1
        return notafter_easy_get_socket(handle, &value) == CURLE_OK && value >= 0 ? value : nil
    }

    /// Reads without blocking from a connection that libcurl left to us.
    ///
    /// - Returns: `CURLE_AGAIN` when nothing has arrived, and `CURLE_OK` without bytes at the end of the stream.
    func receive() -> (code: CURLcode, bytes: [UInt8]) {
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { buffer in
            var count = 0
            let code = curl_easy_recv(handle, buffer.baseAddress, buffer.count, &count)
            return (code, Array(buffer.prefix(count)))
        }
    }

    /// Writes without blocking to a connection that libcurl left to us.
    ///
    /// - Returns: `CURLE_AGAIN` when nothing can be sent yet, otherwise the number of bytes sent.
    func send(_ bytes: [UInt8]) -> (code: CURLcode, count: Int) {
        bytes.withUnsafeBytes { buffer in
            var count = 0
            let code = curl_easy_send(handle, buffer.baseAddress, buffer.count, &count)
            return (code, count)
        }
    }
}
