/// A problem of a revocation list.
package enum ListFlaw: Hashable, Sendable, Codable {
    case notYetCurrent(thisUpdate: Instant)
    case nextUpdateUnreadable
    case nextUpdateMissing
    case signedByOther(issuer: String)
    case issuerNotRegistered(issuer: String)
    /// None of the list's serial numbers belongs to a registered certificate.
    case serialNumbersUnknown(count: Int, issuer: String)
    /// One of them is that of `name` with decimal and hexadecimal digits confused.
    case serialNumberMisread(issuer: String, name: String, serialNumber: String)
    /// OpenSSL cannot parse the list.
    case unreadable
}

extension ListFlaw: Phrase {
    package var english: String {
        switch self {
        case .notYetCurrent(let date): "its thisUpdate is in the future, \(date)"
        case .nextUpdateUnreadable: "its nextUpdate is no date that can be read"
        case .nextUpdateMissing: "it does not say when the next list is due"
        case .signedByOther(let issuer): "its signature is not by the key of its CA \(issuer)"
        case .issuerNotRegistered(let issuer): "no registered CA is its issuer \(issuer)"
        case .serialNumbersUnknown(let count, let issuer):
            "its \(counted(count, "serial number")) \(agreeing(count, "is", "are")) of no registered certificate of "
                + issuer
        case .serialNumberMisread(let issuer, let name, let number):
            "it revokes none of the registered certificates of \(issuer), but a serial number that is that of "
                + "\(name) (\(number)) with decimal and hexadecimal digits confused"
        case .unreadable: "OpenSSL cannot read it"
        }
    }

    package var japanese: String {
        switch self {
        case .notYetCurrent(let date): "thisUpdate が未来の日時（\(date)）です"
        case .nextUpdateUnreadable: "nextUpdate を日時として読み取れません"
        case .nextUpdateMissing: "次のリストの予定日時が記載されていません"
        case .signedByOther(let issuer): "署名がCA\(JapaneseText.quoted(issuer))の鍵によるものではありません"
        case .issuerNotRegistered(let issuer): "発行者\(JapaneseText.quoted(issuer))のCAが登録されていません"
        case .serialNumbersUnknown(let count, let issuer):
            "\(count)件のシリアル番号が、CA\(JapaneseText.quoted(issuer))の登録済み証明書のいずれにも一致しません"
        case .serialNumberMisread(let issuer, let name, let number):
            "CA\(JapaneseText.quoted(issuer))の登録済み証明書を1件も失効させていませんが、\(JapaneseText.quoted(name))の"
                + "シリアル番号（\(number)）を十進数と十六進数で取り違えた番号があります"
        case .unreadable: "OpenSSLでは読み取れません"
        }
    }
}
