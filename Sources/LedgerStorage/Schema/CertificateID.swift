/// The ids of the rows of `certificates`. Tables refer to a certificate or list by its id, so that their rows and indexes
/// grow at the end: fingerprints are random and would spread each batch over all pages. Everything outside the database
/// uses fingerprints.
enum CertificateID {
    /// The id of the fingerprint in a parameter, as an expression; NULL for an unknown one.
    static func inSQL(of parameter: SQLText) -> SQLText {
        "(SELECT id FROM certificates WHERE fingerprint = \(parameter))"
    }

    /// The columns `id` and `fingerprint` of the known ones among the fingerprints in a parameter, as a subquery.
    static func rowsInSQL(of parameter: SQLText) -> SQLText {
        """
        SELECT m.id AS id, m.fingerprint AS fingerprint FROM (\(SQLList.fingerprints(of: parameter))) f
        CROSS JOIN certificates m ON m.fingerprint = f.fingerprint
        """
    }

    /// The ids of the known ones among the fingerprints in a parameter, as a subquery.
    static func allInSQL(of parameter: SQLText) -> SQLText { "SELECT id FROM (\(rowsInSQL(of: parameter)))" }
}
