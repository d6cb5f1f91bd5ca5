import CCurl

/// Sole owner of one connection cache that several easy handles use in place of their multi handle's.
///
/// Confined to the thread of its `TransferDriver`, and outlives the easy handles that use it.
final class ConnectionShare {
    private let share: UnsafeMutableRawPointer

    init() throws(OptionError) {
        guard let share = curl_share_init() else {
            throw OptionError(code: TransferCode(CURLE_OUT_OF_MEMORY))
        }
        self.share = share
        // Cannot fail: every libcurl shares connections, and no handle uses the share yet.
        _ = notafter_share_add(share, CURL_LOCK_DATA_CONNECT)
    }

    deinit {
        curl_share_cleanup(share)
    }

    /// Makes `handle` use the connections.
    func install(into handle: borrowing EasyHandle) throws(OptionError) {
        try handle.set(CURLOPT_SHARE, pointer: share)
    }
}
