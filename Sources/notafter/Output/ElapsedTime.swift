import Certificates

/// A time that has passed or is about to, as operators count it: seconds below two minutes, minutes below two hours, and then as
/// all output does.
struct ElapsedTime: CustomStringConvertible {
    private let seconds: Int64

    /// The sign of `span` does not count.
    init(_ span: TimeSpan) {
        seconds = Int64(clamping: span.seconds.magnitude)
    }

    var description: String {
        switch seconds {
        case ..<120: counted(seconds, "second")
        case ..<7_200: "\(seconds / 60) minutes"
        default: "\(CountedTime(TimeSpan(seconds: seconds)))"
        }
    }
}
