import Foundation

/// A real Prometheus on loopback that scrapes one target every second.
package final class PrometheusServer: Sendable {
    private let port: Int
    private let process: ChildProcess
    private let directory: TemporaryDirectory

    /// Starts it and waits until it accepts connections.
    ///
    /// - Throws: `MissingTool` without prometheus; `ServerNotReady`.
    package init(scraping target: String) async throws {
        let tool = try RequiredTool("prometheus")
        directory = try TemporaryDirectory()
        port = try LoopbackPort.free()
        let configuration = try directory.write(
            """
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - { job_name: notafter, static_configs: [{ targets: ['\(target)'] }] }

            """, to: "prometheus.yml")
        process = try ChildProcess(
            tool,
            [
                "--config.file=\(configuration)", "--storage.tsdb.path=\(directory.path(of: "data"))",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
            ])
        try await LoopbackPort.waitUntilOpen(port)
        // While it reads its empty storage, it answers queries by a text and not by JSON.
        let question = ["--silent", "--fail", "--noproxy", "*", "http://127.0.0.1:\(port)/-/ready"]
        let curl = try RequiredTool("curl")
        try await waitUntil("Prometheus is ready") { try curl.outcome(question).status == 0 }
    }

    /// The values of an instant query, by the value of one label.
    package func values(of query: String, by label: String) throws -> [String: Double] {
        struct Answer: Decodable {
            struct Content: Decodable {
                struct Series: Decodable {
                    let metric: [String: String]
                    let value: [Value]
                }

                let result: [Series]
            }

            let data: Content
        }

        /// A time as a number, and a value as a text.
        enum Value: Decodable {
            case time, text(String)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                self = (try? container.decode(String.self)).map(Value.text) ?? .time
            }
        }

        let answer = try RequiredTool("curl").output([
            "--silent", "--noproxy", "*", "--data-urlencode", "query=\(query)",
            "http://127.0.0.1:\(port)/api/v1/query",
        ])
        let series = try JSONDecoder().decode(Answer.self, from: Data(answer)).data.result
        let pairs = series.compactMap { series -> (String, Double)? in
            guard case .text(let text)? = series.value.last, let value = Double(text) else { return nil }
            return (series.metric[label] ?? "", value)
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
