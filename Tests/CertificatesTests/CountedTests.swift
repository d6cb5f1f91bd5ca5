import Certificates
import Testing

@Suite struct `Counts in sentences` {
    @Test(arguments: [(0, "0 files are"), (1, "1 file is"), (2, "2 files are"), (1_000, "1000 files are")])
    func `a noun and its verb agree with the count`(count: Int, text: String) {
        #expect("\(counted(count, "file")) \(agreeing(count, "is", "are"))" == text)
    }

    @Test func `a noun may have a plural of its own`() {
        #expect(counted(1, "delivery", plural: "deliveries") == "1 delivery")
        #expect(counted(3, "delivery", plural: "deliveries") == "3 deliveries")
    }
}
