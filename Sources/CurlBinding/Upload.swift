import CCurl

/// Passes the content of a request or mail to libcurl in parts.
struct Upload {
    private let content: [UInt8]
    /// The bytes that libcurl has taken.
    private(set) var takenBytes = 0

    init(_ content: [UInt8]) {
        self.content = content
    }

    /// Copies the next bytes into `buffer`.
    ///
    /// - Returns: the number of bytes, 0 at the end.
    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let next = content[takenBytes...].prefix(buffer.count)
        buffer.copyBytes(from: next)
        takenBytes += next.count
        return next.count
    }
}

extension EasyHandle {
    /// Sets the options for SMTP, except for the content's callback. A rejected recipient does not affect the others:
    /// the transfer fails only when all recipients are rejected.
    mutating func set(mail: Mail) throws(OptionError) {
        try set(CURLOPT_UPLOAD, 1)
        try set(CURLOPT_INFILESIZE_LARGE, size: mail.content.count)
        try set(CURLOPT_MAIL_FROM, "<\(mail.sender)>")
        try set(CURLOPT_MAIL_RCPT, list: mail.recipients.map { "<\($0)>" })
        try set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1)
        switch mail.startTLS {
        case .required: try set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        case .none: try set(CURLOPT_USE_SSL, Int(CURLUSESSL_NONE.rawValue))
        }
        if let login = mail.login {
            try set(CURLOPT_USERNAME, login.user)
            try set(CURLOPT_PASSWORD, login.password)
        }
    }
}
