import Corpus
import Dispatch
import Glibc
import HTTP
import HTTPTypes
import Locking

/// Writes a line of JSON for each request, on a queue of its own, so that no event loop waits for who reads it.
///
/// Where the reader is slower than the requests, lines are left out and counted rather than kept without bound.
public final class AccessLog: Sendable {
  private struct State: Sendable {
    var lines: [UInt8] = []
    /// Lines that were left out since one was written.
    var dropped = 0
    var isScheduled = false
    /// Lines that were ever left out.
    var lost = 0
    var descriptor: Int32
  }

  /// Bytes of lines that may wait.
  static let capacity = 1 << 20

  /// The file that is written; nil for a descriptor that was given.
  private let path: String?
  private let queue = DispatchQueue(label: "rostrum.access-log")
  private let state: Locked<State>

  /// A log that is written to a descriptor, which stays open. A reader that has gone is no reason to end: the process
  /// ignores SIGPIPE from here on.
  public init(descriptor: Int32) {
    signal(SIGPIPE, SIG_IGN)
    path = nil
    state = Locked(State(descriptor: descriptor))
  }

  /// A log at the end of a file, which is made where there is none.
  public init(path: String) throws(OpenError) {
    self.path = path
    state = Locked(State(descriptor: try Self.open(path)))
  }

  /// Why a file cannot be written.
  public struct OpenError: Error, CustomStringConvertible {
    /// One sentence.
    public let description: String
  }

  private static func open(_ path: String) throws(OpenError) -> Int32 {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else {
      throw OpenError(description: "The access log \(path) cannot be written: \(String(cString: strerror(errno))).")
    }
    return descriptor
  }

  /// Goes on in a new file of the same name, after the old one was moved away. What waits is written to the old one, so each
  /// line is in one of them. A log that has no file, or can have no new one, stays where it is.
  public func reopen() throws(OpenError) {
    guard let path else { return }
    let descriptor = try Self.open(path)
    let old = queue.sync {
      drain()
      return state.withLock { state in
        defer { state.descriptor = descriptor }
        return state.descriptor
      }
    }
    close(old)
  }

  deinit { if path != nil { close(state.withLock { $0.descriptor }) } }

  /// Lines that were not written, because they came too fast or could not be.
  var lost: Int { state.withLock { $0.lost } }

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
  /// - Parameters:
  ///   - route: the pattern of its address.
  ///   - token: the name of the token that it came with.
  func record(_ exchange: Exchange, client: String, route: String? = nil, token: String? = nil) {
    let line = Self.line(exchange, client: client, route: route, token: token)
    let isFirst = state.withLock { state in
      guard state.lines.count + line.count <= Self.capacity else {
        state.dropped += 1
        state.lost += 1
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

  static func line(_ exchange: Exchange, client: String, route: String? = nil, token: String? = nil) -> [UInt8] {
    var writer = JSONWriter(capacity: 384)
    writer.object {
      $0.member("time", Timestamp.withMilliseconds)
      $0.member("client", client)
      $0.member("method", exchange.request?.method.rawValue)
      $0.member("target", exchange.request.map { shortened($0.target.withoutSecrets, to: 2_000) })
      $0.member("route", route)
      $0.member("status", exchange.response.status.code)
      $0.member("bytes", exchange.bytesSent)
      $0.name("ms")
      $0.number(milliseconds(exchange.seconds))
      $0.name("waited_ms")
      if let waited = exchange.response.note.waited { $0.number(milliseconds(waited)) } else { $0.null() }
      $0.name("worked_ms")
      $0.number(milliseconds(exchange.response.note.worked))
      $0.member("id", exchange.response.headerFields[.xRequestID])
      $0.member("user_agent", exchange.request?.headerFields[.userAgent].map { shortened($0, to: 300) })
      $0.member("token", token)
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private static func milliseconds(_ seconds: Double) -> Double { (seconds * 1e6).rounded() / 1e3 }

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

  /// Writes all of it; what the descriptor does not take, since nobody reads it any more or the disk is full, is lost.
  private func write(_ lines: [UInt8]) {
    let descriptor = state.withLock { $0.descriptor }
    var rest = lines[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        let lost = rest.count { $0 == UInt8(ascii: "\n") }
        return state.withLock { $0.lost += lost }
      }
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
        return Self.isSecret(decoded) && name.endIndex < part.endIndex ? name + "=…" : String(part)
      }.joined(separator: "&")
  }

  /// Whether a name says that what it names is secret.
  static func isSecret(_ name: String) -> Bool {
    let name = name.lowercased()
    return secretNames.contains { name.contains($0) }
  }

  private static let secretNames = ["token", "secret", "passw", "api_key", "apikey", "authorization"]
}
