import COpenSSL

/// A date in UTC as OpenSSL parses it, which may not exist. OpenSSL accepts forms that our decoder rejects, such as
/// `+0100` in place of `Z`.
package struct OpenSSLDate: Hashable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int

    /// `ASN1_TIME_to_tm` accepts forms for which `X509_cmp_time` fails. It reads a null pointer as the present time.
    init?(_ time: UnsafePointer<ASN1_TIME>?) {
        var fields = tm()
        guard let time, ASN1_TIME_to_tm(time, &fields) == 1 else { return nil }
        year = Int(fields.tm_year) + 1_900
        month = Int(fields.tm_mon) + 1
        day = Int(fields.tm_mday)
        hour = Int(fields.tm_hour)
        minute = Int(fields.tm_min)
        second = Int(fields.tm_sec)
    }

    /// Parses the DER of a Time (RFC 5280 4.1). nil when it is not one.
    package init?(der: [UInt8]) {
        defer { OpenSSLError.clear() }
        let time = der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return d2i_ASN1_TIME(nil, &position, buffer.count)
        }
        guard let time else { return nil }
        defer { ASN1_TIME_free(time) }
        self.init(time)
    }
}
