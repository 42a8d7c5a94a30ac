/// The bytes of a body as they come: kept, or only counted where nobody needs them.
struct BodyBuffer {
  private(set) var bytes: [UInt8] = []
  /// Bytes that have come.
  private(set) var count = 0
  private var isKept = true

  mutating func append(_ new: ArraySlice<UInt8>) {
    count += new.count
    if isKept { bytes += new }
  }

  /// What was promised is not taken at its word: memory is asked for as the bytes come.
  mutating func expect(_ count: Int) { bytes.reserveCapacity(min(count, 64 * 1024)) }

  /// Keeps nothing of what has come and will come.
  mutating func drop() {
    isKept = false
    bytes = []
  }
}
