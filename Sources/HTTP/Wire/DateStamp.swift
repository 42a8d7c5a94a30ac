import Glibc

/// The time as HTTP writes it, made anew once a second.
struct DateStamp {
  private var second: time_t = -1
  private var bytes: [UInt8] = []

  mutating func append(to out: inout [UInt8]) {
    var now = timespec()
    // The coarse clock costs no more than reading memory; it may be a few milliseconds behind.
    clock_gettime(CLOCK_REALTIME_COARSE, &now)
    if now.tv_sec != second {
      second = now.tv_sec
      bytes = Array(HTTPDate(second: second).text.utf8)
    }
    out.append(contentsOf: bytes)
  }
}
