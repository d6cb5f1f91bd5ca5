import CCurl

/// The credentials for a proxy (RFC 9110 11.7.1). The password is in memory only during the transfer.
package struct ProxyLogin: Sendable {
    let user: String
    let password: String

    package init(user: String, password: String) {
        self.user = user
        self.password = password
    }
}

extension EasyHandle {
    /// Sets Basic authentication for the proxy's CONNECT only, which is libcurl's default (CURLOPT_PROXYAUTH(3)).
    func set(proxyLogin: ProxyLogin) throws(OptionError) {
        try set(CURLOPT_PROXYUSERNAME, proxyLogin.user)
        try set(CURLOPT_PROXYPASSWORD, proxyLogin.password)
    }
}
