/// The candidate that is nearest to `text`, at most two edits away.
func suggestion(for text: String, among candidates: [String]) -> String? {
    let reach = 2
    let distances = candidates.map { ($0, editDistance(from: text, to: $0, within: reach)) }
    let near = distances.compactMap { candidate, distance in
        distance.flatMap { $0 < candidate.count ? (candidate, $0) : nil }
    }
    return near.min { $0.1 < $1.1 }?.0
}

/// `; did you mean "x"?` with the suggestion, or an empty text without one.
package func didYouMean(_ text: String, among candidates: [String]) -> String {
    suggestion(for: text, among: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
}

/// The number of characters to insert, remove, replace or swap with their neighbour (optimal string alignment); nil if
/// it is more than `limit`.
func editDistance(from source: String, to target: String, within limit: Int) -> Int? {
    // The source can be as long as a file.
    guard source.utf8.count <= 128 else { return nil }
    let source = Array(source)
    let target = Array(target)
    var beforeLast: [Int] = []
    var last = Array(0...target.count)
    for row in source.indices {
        var current = [row + 1]
        for column in target.indices {
            let replaced = last[column] + (source[row] == target[column] ? 0 : 1)
            var best = min(replaced, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, source[row] == target[column - 1], source[row - 1] == target[column] {
                best = min(best, beforeLast[column - 1] + 1)
            }
            current.append(best)
        }
        beforeLast = last
        last = current
    }
    return last[target.count] <= limit ? last[target.count] : nil
}
