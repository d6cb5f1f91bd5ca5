import Certificates
import CurlBinding
import Delivery
import ExpiryRules
import LedgerStorage
import TestSupport
import Testing

/// A ledger with open notices.
struct OutboxSample {
    let ledger: Ledger
    let time: ManualTime
    let plan: WatchPlan
    let transfers: TransferLoop
    let source = SourceKey(kind: .file, registration: "fleet", place: "/pki")

    init(
        _ directory: TemporaryDirectory, at now: Instant, receivers: [String] = ["ops"], certificates: Int = 1,
        reminders: ReminderSchedule? = nil, counting work: DatabaseWork? = nil
    ) async throws {
        ledger = Ledger(engine: try SQLiteEngine(path: directory.path(of: "ledger.db"), counting: work))
        time = ManualTime(now)
        transfers = try TransferLoop()
        plan = WatchPlan(
            registrations: [
                Registration(
                    name: "fleet", role: .client, owner: "platform", labels: ["team": "platform"],
                    reminders: reminders)
            ],
            route: Route(receivers: receivers))
        try await ledger.reconcileReceivers(receivers.map { ($0, [0]) }, plan: plan, at: now)
        for number in 0..<certificates {
            try await see("\(number).pem", .sample(UInt32(number), notAfter: now + .days(10)))
        }
    }

    func see(_ path: String, _ certificate: Certificate) async throws {
        try await see([(path, certificate)])
    }

    func see(_ files: [(path: String, certificate: Certificate)]) async throws {
        let changes = files.map { file in
            PathChange.read(FilePath(file.path), changeKey: nil, sightings: [.read(file.certificate)], defects: [])
        }
        _ = try await ledger.record(changes, of: source, plan: plan, at: time.now)
    }

    func claim() async throws -> Claim {
        let claim = try await ledger.claim(
            for: "ops", at: time.now, boot: BootTime(bootID: "boot", seconds: 0),
            terms: ClaimTerms(lease: TimeSpan(seconds: 60)),
            plan: WatchPlan(registrations: [], route: Route(receivers: [])),
            render: { _ in FrozenMessage(identifier: "na_", body: []) })
        guard let claim else { throw NothingToClaim() }
        return claim
    }

    /// A loop that waits for retries by moving the clock.
    func loop(
        _ receivers: [ConfiguredReceiver], transfers: (any TransferPerforming)? = nil
    ) async throws -> DeliveryLoop {
        let loop = DeliveryLoop(
            ledger: ledger, transfers: transfers ?? self.transfers, receivers: receivers, plan: plan, time: time,
            bootTime: { BootTime(bootID: "boot", seconds: 0) }, schedule: RetrySchedule(jitter: { 1_000 }),
            pause: { [time] in time.advance(by: $0) })
        try await loop.reconcile()
        return loop
    }

    struct NothingToClaim: Error {}
}

extension RecordingReceiver {
    func configured(as name: String = "ops", secretFile: String? = nil) throws -> ConfiguredReceiver {
        var settings: [String: SettingValue] = ["url": .secret(Secret(url))]
        settings["secret_file"] = secretFile.map(SettingValue.file)
        return try #require(ConfiguredReceiver(name: name, kind: .webhook, settings: ReceiverSettings(settings)))
    }
}

extension ConfiguredReceiver {
    /// A receiver whose transfers a test performs itself. `batch` is the number of notices in one message.
    static func unreachable(
        as name: String = "ops", url: String = "http://127.0.0.1:9/", batch: Int? = nil
    ) throws -> ConfiguredReceiver {
        var settings: [String: SettingValue] = ["url": .secret(Secret(url))]
        settings["batch"] = batch.map(SettingValue.number)
        return try #require(ConfiguredReceiver(name: name, kind: .webhook, settings: ReceiverSettings(settings)))
    }
}
