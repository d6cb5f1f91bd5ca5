/// A revocation, or a problem of the revocation lists that it would be found by.
///
/// `holder` names the CA of the path that is concerned; nil stands for the certificate itself. `reason` of a list is
/// OpenSSL's own text.
package enum RevocationFlaw: Hashable, Sendable, Codable {
    /// `reason` is the name of the entry's reason; nil if the list states none.
    case revoked(holder: String?, at: Instant?, reason: String?, issuer: String)
    case listMissing(issuer: String)
    case listOfOtherScope(issuer: String, holder: String?, reason: String)
    case listNotCurrent(issuer: String, reason: String)
    case listInvalid(issuer: String, reason: String)
    case listSignedByOther(issuer: String)
    case listIndirect(issuer: String)
    case listOfSomeReasons(issuer: String)
    case distributionPointInvalid(issuer: String)
    /// The certificate's distribution point names another issuer of lists.
    case otherListIssuer(issuer: String)
    case deltaWithCriticalExtension(issuer: String)
    case deltaNotCurrent(issuer: String)
    case deltaWithoutBase(issuer: String)
    case deltaSignedByOther(issuer: String)
    /// No CA is given that could have signed a list.
    case noAuthority
    /// The certificate's issuer is not verified, so no list can be its own.
    case noVerifiedIssuer
}

extension RevocationFlaw: Phrase {
    package var english: String {
        switch self {
        case .revoked(let holder, let date, let reason, let issuer):
            "\(holder ?? "it") was revoked at \(date?.description ?? "an unreadable date") "
                + "(\(reason ?? "no reason given")), says its CA \(issuer)"
        case .listMissing(let issuer): "there is no revocation list of \(issuer)"
        case .listOfOtherScope(let issuer, let holder, let reason):
            "the lists of \(issuer) are about other certificates than \(holder ?? "it") (\(reason))"
        case .listNotCurrent(let issuer, let reason): "the list of \(issuer) is not current (\(reason))"
        case .listInvalid(let issuer, let reason): "the list of \(issuer) is not valid (\(reason))"
        case .listSignedByOther(let issuer):
            "the list of \(issuer) is not signed by a CA of that name in the path"
        case .listIndirect(let issuer): "the list of \(issuer) is an indirect one, which OpenSSL does not use"
        case .listOfSomeReasons(let issuer):
            "the list of \(issuer) covers some reasons of revocation only, and OpenSSL does not use such a list"
        case .distributionPointInvalid(let issuer):
            "the issuingDistributionPoint of the list of \(issuer) is not valid"
        case .otherListIssuer(let issuer):
            "its CRL distribution point names another issuer of lists (cRLIssuer) than \(issuer), and OpenSSL uses no "
                + "list of another issuer"
        case .deltaWithCriticalExtension(let issuer):
            "the delta list of \(issuer) has an unknown critical extension"
        case .deltaNotCurrent(let issuer): "the delta list of \(issuer) is not current"
        case .deltaWithoutBase(let issuer): "the delta list of \(issuer) completes no list that is given"
        case .deltaSignedByOther(let issuer): "the delta list of \(issuer) is not signed by that CA"
        case .noAuthority: "without its CA a revocation list proves nothing"
        case .noVerifiedIssuer: "without a verified issuer no revocation list is its own"
        }
    }

    package var japanese: String {
        switch self {
        case .revoked(let holder, let date, let reason, let issuer):
            "\(holder.map { JapaneseText.quoted($0) } ?? "この証明書")は\(date.map { " \($0) " } ?? "読み取れない日時")に失効しました"
                + "（理由: \(reason ?? "記載なし")、CA: \(JapaneseText.quoted(issuer))）"
        case .listMissing(let issuer): "CA\(JapaneseText.quoted(issuer))の失効リストがありません"
        case .listOfOtherScope(let issuer, let holder, let reason):
            "CA\(JapaneseText.quoted(issuer))の失効リストは\(holder.map { JapaneseText.quoted($0) } ?? "この証明書")を"
                + "対象としていません（OpenSSL: \(JapaneseText.quoted(reason))）"
        case .listNotCurrent(let issuer, let reason):
            "CA\(JapaneseText.quoted(issuer))の失効リストが有効期間外です（OpenSSL: \(JapaneseText.quoted(reason))）"
        case .listInvalid(let issuer, let reason):
            "CA\(JapaneseText.quoted(issuer))の失効リストが正しくありません（OpenSSL: \(JapaneseText.quoted(reason))）"
        case .listSignedByOther(let issuer):
            "CA\(JapaneseText.quoted(issuer))の失効リストが、チェーンにある同名のCAで署名されていません"
        case .listIndirect(let issuer):
            "CA\(JapaneseText.quoted(issuer))の失効リストは間接CRLのため、OpenSSLでは使えません"
        case .listOfSomeReasons(let issuer):
            "CA\(JapaneseText.quoted(issuer))の失効リストは一部の失効理由だけを扱うため、OpenSSLでは使えません"
        case .distributionPointInvalid(let issuer):
            "CA\(JapaneseText.quoted(issuer))の失効リストの issuingDistributionPoint が正しくありません"
        case .otherListIssuer(let issuer):
            "CRL配布点がCA\(JapaneseText.quoted(issuer))以外のリスト発行者（cRLIssuer）を指し、OpenSSLでは使えません"
        case .deltaWithCriticalExtension(let issuer):
            "CA\(JapaneseText.quoted(issuer))の差分リストに未知のクリティカル拡張があります"
        case .deltaNotCurrent(let issuer): "CA\(JapaneseText.quoted(issuer))の差分リストが有効期間外です"
        case .deltaWithoutBase(let issuer): "CA\(JapaneseText.quoted(issuer))の差分リストの基になる失効リストがありません"
        case .deltaSignedByOther(let issuer): "CA\(JapaneseText.quoted(issuer))の差分リストが、そのCAで署名されていません"
        case .noAuthority: "CAがないため、失効リストを確かめられません"
        case .noVerifiedIssuer: "発行者を検証できないため、失効リストを確かめられません"
        }
    }
}
