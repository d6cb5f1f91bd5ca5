/// The names of fields in logs and objects of edges: variables of nginx and HAProxy, headers of AWS, Cloudflare and
/// Envoy, properties of Cloudflare's `tlsClientAuth`. docs/guides/edge.md lists them.
enum FieldNames {
    /// A name of a field.
    struct Meaning: Hashable {
        let field: ReportField
        /// Of several names of one field in a line, that with the lowest rank counts.
        let rank: UInt8
        /// The deepest nesting at which the name has this meaning. Common words mean something else further down.
        let depth: Int
        /// The header whose encoding a certificate has; empty for one that is recognised by its first bytes.
        let header: String
    }

    /// Names such as `server_name` are too common to be trusted in nested objects, such as the headers of a request.
    private static let shallow = 2

    /// The meaning of a name in lower case, with `_` in place of `-`; nil for any other name.
    static func meaning(of name: [UInt8]) -> Meaning? {
        var name = name[...]
        // nginx has the header `X-Client-Cert` as `$http_x_client_cert`.
        if name.starts(with: "http_".utf8), name.count > "http_host".utf8.count {
            name = name.dropFirst("http_".utf8.count)
        }
        return meanings[String(decoding: name, as: UTF8.self)]
    }

    private static let meanings: [String: Meaning] = {
        var meanings: [String: Meaning] = [:]
        func add(_ field: ReportField, _ names: [String], depth: Int = .max) {
            for (rank, name) in names.enumerated() {
                meanings[name] = Meaning(field: field, rank: UInt8(rank), depth: depth, header: "")
            }
        }
        add(.subject, subjects)
        add(.issuer, issuers)
        add(.serialNumber, serialNumbers)
        add(
            .notBefore,
            ["ssl_client_v_start", "certnotbefore", "cf_cert_not_before", "x_cert_not_before", "not_before"])
        add(.notAfter, ["ssl_client_v_end", "certnotafter", "cf_cert_not_after", "x_cert_not_after", "not_after"])
        add(
            .validity,
            ["x_amzn_mtls_clientcert_validity", "leaf_client_cert_validity", "cloudfront_viewer_cert_validity"])
        add(.fingerprint, fingerprints)
        add(
            .verification,
            ["ssl_client_verify", "certverified", "cf_cert_verified", "x_cert_verified", "tls_verify_status"])
        add(.revoked, ["certrevoked", "cf_cert_revoked", "x_cert_revoked"])
        add(
            .presented,
            ["certpresented", "cf_cert_presented", "x_cert_presented", "cloudfront_viewer_cert_present"])
        add(.hostname, hostnames, depth: shallow)
        add(.time, times, depth: shallow)
        for (rank, (name, header)) in certificates.enumerated() {
            meanings[name] = Meaning(field: .certificate, rank: UInt8(rank), depth: .max, header: header)
        }
        return meanings
    }()

    private static let certificates = [
        ("client_cert", "Client-Cert"), ("x_amzn_mtls_clientcert_leaf", "X-Amzn-Mtls-Clientcert-Leaf"),
        ("x_amzn_mtls_clientcert", "X-Amzn-Mtls-Clientcert"),
        ("cf_client_cert_der_base64", "Cf-Client-Cert-Der-Base64"),
        ("x_forwarded_client_cert", "X-Forwarded-Client-Cert"), ("certrfc9440", "Client-Cert"),
        ("ssl_client_escaped_cert", ""), ("ssl_client_raw_cert", ""), ("ssl_client_cert", ""),
        ("x_ssl_client_cert", ""),
        ("x_ssl_cert", ""), ("x_client_cert", ""), ("x_client_certificate", ""), ("x_forwarded_tls_client_cert", ""),
        ("ssl_c_der", ""), ("client_certificate", ""), ("certificate", ""), ("pem", ""),
    ]

    // The forms of RFC 2253 first, since our names have that form.
    private static let subjects = [
        "certsubjectdnrfc2253", "cf_cert_subject_dn_rfc2253", "x_cert_subject_dn_rfc2253", "ssl_client_s_dn",
        "x_amzn_mtls_clientcert_subject", "leaf_client_cert_subject", "cloudfront_viewer_cert_subject", "certsubjectdn",
        "cf_cert_subject_dn", "x_cert_subject_dn", "ssl_c_s_dn", "subject",
    ]
    private static let issuers = [
        "certissuerdnrfc2253", "cf_cert_issuer_dn_rfc2253", "x_cert_issuer_dn_rfc2253", "ssl_client_i_dn",
        "x_amzn_mtls_clientcert_issuer", "cloudfront_viewer_cert_issuer", "certissuerdn", "cf_cert_issuer_dn",
        "x_cert_issuer_dn", "ssl_c_i_dn", "issuer",
    ]
    private static let serialNumbers = [
        "ssl_client_serial", "x_amzn_mtls_clientcert_serial_number", "leaf_client_cert_serial_number", "certserial",
        "cf_cert_serial", "x_cert_serial", "cloudfront_viewer_cert_serial_number", "serial_number",
    ]
    private static let fingerprints = [
        "fingerprint_sha256", "certfingerprintsha256", "cf_cert_fingerprint_sha256", "x_cert_fingerprint_sha256",
        "cf_client_cert_sha256", "cloudfront_viewer_cert_sha256", "ssl_client_fingerprint", "certfingerprintsha1",
        "cf_cert_fingerprint_sha1", "x_cert_fingerprint_sha1", "fingerprint_sha1",
    ]
    private static let hostnames = [
        "ssl_server_name", "server_name", "sni", "host", "http_host", "authority", "vhost", "clientrequesthost",
    ]
    private static let times = [
        "time", "timestamp", "@timestamp", "ts", "time_iso8601", "iso8601", "msec", "time_local", "edgestarttimestamp",
        "datetime",
    ]
}
