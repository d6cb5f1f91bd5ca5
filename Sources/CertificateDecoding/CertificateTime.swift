import Certificates

/// Parses dates in the only form that RFC 5280 4.1.2.5 allows for each of its two types.
enum CertificateTime {
    /// Parses `YYMMDDHHMMSSZ` in a UTCTime or `YYYYMMDDHHMMSSZ` in a GeneralizedTime.
    static func instant(of element: DERElement, in bytes: Span<UInt8>) throws(DERRefusal) -> Instant {
        let yearDigits: Int
        switch element.tag {
        case 0x17: yearDigits = 2
        case 0x18: yearDigits = 4
        default: throw DERRefusal()
        }
        let content = element.content
        guard content.count == yearDigits + 11, bytes[content.upperBound - 1] == UInt8(ascii: "Z") else {
            throw DERRefusal()
        }
        var position = content.lowerBound
        func number(_ digits: Int) throws(DERRefusal) -> Int {
            var number = 0
            for index in position..<(position + digits) {
                guard case 0x30...0x39 = bytes[index] else { throw DERRefusal() }
                number = number * 10 + Int(bytes[index] - 0x30)
            }
            position += digits
            return number
        }
        var year = try number(yearDigits)
        if yearDigits == 2 {
            year += year >= 50 ? 1_900 : 2_000
        }
        let time = CalendarTime(
            year: year, month: try number(2), day: try number(2), hour: try number(2), minute: try number(2),
            second: try number(2))
        guard let time else { throw DERRefusal() }
        return time.instant
    }
}
