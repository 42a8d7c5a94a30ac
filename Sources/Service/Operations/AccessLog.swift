import Corpus
import Dispatch
import Glibc
import HTTP
import HTTPTypes

/// Writes a line of JSON for each request, on a queue of its own, so that no event loop waits for who reads it.
///
/// Where the reader is slower than the requests, lines are left out and counted rather than kept without bound.
public final class AccessLog: Sendable {
  private struct State: Sendable {
    var lines: [UInt8] = []
    /// Lines that were left out since one was written.
    var dropped = 0
    var isScheduled = false
  }

  /// Bytes of lines that may wait.
  static let capacity = 1 << 20

  private let descriptor: Int32
  private let queue = DispatchQueue(label: "rostrum.access-log")
  private let state = Locked(State())

  /// A log that is written to a descriptor, which stays open. A reader that has gone is no reason to end: the process
  /// ignores SIGPIPE from here on.
  public init(descriptor: Int32) {
    signal(SIGPIPE, SIG_IGN)
    self.descriptor = descriptor
  }

  /// Writes what waits; returns once it is written, or after so many seconds where nobody reads it.
  public func flush(within seconds: Double = 2) {
    let done = DispatchSemaphore(value: 0)
    queue.async { @Sendable [self] in
      drain()
      done.signal()
    }
    _ = done.wait(timeout: .now() + seconds)
  }

  /// Notes what became of a request. Costs the time to write a line into memory.
  /// - Parameter token: the name of the token that the request came with.
  func record(_ exchange: Exchange, client: String, token: String? = nil) {
    let line = Self.line(exchange, client: client, token: token)
    let isFirst = state.withLock { state in
      guard state.lines.count + line.count <= Self.capacity else {
        state.dropped += 1
        return false
      }
      state.lines += line
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    guard isFirst else { return }
    // Lines of a moment are written together.
    queue.asyncAfter(deadline: .now() + .milliseconds(20)) { @Sendable [self] in drain() }
  }

  static func line(_ exchange: Exchange, client: String, token: String? = nil) -> [UInt8] {
    var writer = JSONWriter(capacity: 384)
    writer.object {
      $0.member("time", Timestamp.withMilliseconds)
      $0.member("client", client)
      $0.member("method", exchange.request?.method.rawValue)
      $0.member("target", exchange.request.map { shortened($0.target.withoutSecrets, to: 2_000) })
      $0.member("status", exchange.response.status.code)
      $0.member("bytes", exchange.bytesSent)
      $0.name("ms")
      $0.number((exchange.seconds * 1e6).rounded() / 1e3)
      $0.member("id", exchange.response.headerFields[.xRequestID])
      $0.member("user_agent", exchange.request?.headerFields[.userAgent].map { shortened($0, to: 300) })
      $0.member("token", token)
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private static func shortened(_ text: String, to count: Int) -> String {
    text.utf8.count <= count ? text : String(decoding: text.utf8.prefix(count), as: UTF8.self)
  }

  private func drain() {
    while true {
      let (lines, dropped) = state.withLock { state in
        defer { (state.lines, state.dropped, state.isScheduled) = ([], 0, !state.lines.isEmpty) }
        return (state.lines, state.dropped)
      }
      if lines.isEmpty { return }
      write(lines)
      if dropped > 0 { write(Array("{\"time\":\"\(Timestamp.withMilliseconds)\",\"dropped\":\(dropped)}\n".utf8)) }
    }
  }

  /// Writes all of it; what the descriptor does not take, since nobody reads it any more, is lost.
  private func write(_ lines: [UInt8]) {
    var rest = lines[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }
}

extension Target {
  /// The target as sent, but without the values of parameters whose names say that they are secret.
  var withoutSecrets: String {
    guard !query.isEmpty else { return raw }
    let parts = raw.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return raw }
    return parts[0] + "?"
      + parts[1].split(separator: "&", omittingEmptySubsequences: false).map { part in
        let name = part.prefix { $0 != "=" }
        let decoded = (Target("/?" + name)?.query.first?.name ?? String(name)).lowercased()
        let isSecret = Self.secretNames.contains { decoded.contains($0) }
        return isSecret && name.endIndex < part.endIndex ? name + "=…" : String(part)
      }.joined(separator: "&")
  }

  private static let secretNames = ["token", "secret", "passw", "api_key", "apikey", "authorization"]
}
