/// The format of an edge's lines.
package enum ReportFormat: Hashable, Sendable {
    /// A JSON object in each line, with any names that are known (docs/guides/edge.md).
    case json
    /// A `log_format` of nginx.
    case nginx(NginxLogFormat)
    /// Connection logs of an AWS Application Load Balancer.
    case connectionLog

    var escaping: ReportedFields.Escaping {
        switch self {
        case .json: .json
        case .nginx(let format): format.escaping
        case .connectionLog: .backslash
        }
    }
}
