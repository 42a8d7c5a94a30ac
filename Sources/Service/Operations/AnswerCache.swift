import Glibc
import HTTP
import HTTPTypes
import Locking
import Synchronization

/// Answers kept as they were sent, so that what was made once is not made again while the corpus stays as it is.
///
/// An answer depends on what was committed and on what its `Key` holds of the request; it is good until the next commit.
/// The bytes are in a file without a name that is written round and round: the system keeps in memory what it has room
/// for, and the process holds no more than where they are.
final class AnswerCache: Sendable {
  /// What an answer depends on besides the corpus.
  struct Key: Hashable, Sendable {
    private let target: String
    private var accept: String?
    private var acceptEncoding: String?
    private var ifNoneMatch: String?

    /// Nil where the answer to a request is not kept: it writes, has a body, or asks for what few ask for.
    init?(_ request: Request) {
      let reads = request.method == .get || request.method == .head
      guard reads, request.body.isEmpty, request.target.raw.utf8.count <= 512 else { return nil }
      target = request.target.raw
      for field in request.headerFields {
        switch field.name.canonicalName {
        case "accept": guard Self.take(field, &accept) else { return nil }
        case "accept-encoding": guard Self.take(field, &acceptEncoding) else { return nil }
        case "if-none-match": guard Self.take(field, &ifNoneMatch) else { return nil }
        case "if-match", "if-modified-since", "if-range", "if-unmodified-since", "range": return nil
        default: break
        }
      }
    }

    private static func take(_ field: HTTPField, _ value: inout String?) -> Bool {
      guard value == nil, field.value.utf8.count <= 512 else { return false }
      value = field.value
      return true
    }
  }

  fileprivate struct Entry: Sendable {
    var status: HTTPResponse.Status
    /// The kind of request that it answers, as it was noted.
    var kind: Int
    /// Where the encoded fields begin, among all bytes that were ever given a place.
    var position: Int
    var fieldBytes: Int
    var bodyBytes: Int
  }

  fileprivate struct State: Sendable {
    var entries: [Key: Entry] = [:]
    /// The keys of `entries` and others in the order of their places, from `first` on.
    var order: [(key: Key, position: Int)] = []
    var first = 0
    /// The commits that the entries were made after.
    var commits = -1
    /// Where the next answer goes.
    var end = 0
    /// An answer is being written. Others are not kept meanwhile: a writer that slept while the file went round under it
    /// would write over one that is newer.
    var isWriting = false
  }

  /// Longer answers are not kept: few ask twice, and they are read on an event loop.
  private static let longest = 64 << 10
  /// Places begin at pages of the system.
  private static let page = 4096

  private let file: Int32
  private let capacity: Int
  private let state = Locked(State())
  private let hits = Atomic(0)
  private let misses = Atomic(0)

  /// How much is kept, and how often it was of use.
  struct Statistics {
    var bytes = 0
    var entries = 0
    var hits = 0
    var misses = 0
  }

  /// How much is kept at this moment, and how often it was of use so far.
  var statistics: Statistics {
    let (end, entries) = state.withLock { ($0.end, $0.entries.count) }
    return Statistics(
      bytes: min(end, capacity), entries: entries, hits: hits.load(ordering: .relaxed),
      misses: misses.load(ordering: .relaxed))
  }

  /// Keeps answers in a file in a folder, up to so many bytes; nil where no file can be made there.
  init?(folder: String, capacity: Int) {
    self.capacity = max(capacity / Self.page * Self.page, 2 * Self.longest)
    var path = Array("\(folder)/.answers-XXXXXX".utf8CString)
    file = mkstemp(&path)
    guard file >= 0 else { return nil }
    unlink(path)
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(file) }

  /// Gives up all answers and their bytes.
  func clear() {
    state.withLock { ($0.entries, $0.order, $0.first) = ([:], [], 0) }
    ftruncate(file, 0)
  }

  /// The answer that was kept since the latest of so many commits.
  func answer(to key: Key, commits: Int) -> Response? {
    let response = find(key, commits: commits)
    if response == nil { misses.add(1, ordering: .relaxed) } else { hits.add(1, ordering: .relaxed) }
    return response
  }

  private func find(_ key: Key, commits: Int) -> Response? {
    guard let entry = state.withLock({ $0.commits == commits ? $0.entries[key] : nil }) else { return nil }
    var isWhole = false
    var fields: [UInt8] = []
    let body = [UInt8](unsafeUninitializedCapacity: entry.bodyBytes) { body, count in
      fields = [UInt8](unsafeUninitializedCapacity: entry.fieldBytes) { fields, count in
        let parts = [
          iovec(iov_base: fields.baseAddress, iov_len: entry.fieldBytes),
          iovec(iov_base: body.baseAddress, iov_len: entry.bodyBytes),
        ]
        isWhole = preadv(file, parts, 2, entry.position % capacity) == entry.fieldBytes + entry.bodyBytes
        count = isWhole ? entry.fieldBytes : 0
      }
      count = isWhole ? entry.bodyBytes : 0
    }
    // Whoever writes over the place has taken it before; so what was read is whole if nobody has taken it by now.
    guard isWhole, state.withLock({ $0.end - capacity <= entry.position }) else { return nil }
    var response = Response(status: entry.status, body: .bytes(body))
    response.encodedFields = fields
    response.note.kind = entry.kind
    return response
  }

  /// Keeps an answer that was made of what so many commits have written, or of a later state.
  func keep(_ response: Response, for key: Key, commits: Int) {
    guard case .bytes(let body) = response.body else { return }
    var headerFields = response.headerFields
    headerFields[.xRequestID] = nil
    let fields = ResponseEncoder.encoded(headerFields)
    let size = fields.count + body.count
    guard size <= Self.longest else { return }
    let place: Int? = state.withLock { state in
      if state.isWriting { return nil }
      state.isWriting = true
      let offset = state.end % capacity
      let position = offset + size <= capacity ? state.end : state.end - offset + capacity
      state.end = position + (size + Self.page - 1) / Self.page * Self.page
      return position
    }
    guard let position = place else { return }
    let isWritten = fields.withUnsafeBytes { fields in
      body.withUnsafeBytes { body in
        let parts = [fields, body].map {
          iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
        }
        return pwritev(file, parts, 2, position % capacity) == size
      }
    }
    let entry = Entry(
      status: response.status, kind: response.note.kind, position: position, fieldBytes: fields.count,
      bodyBytes: body.count)
    state.withLock { state in
      state.isWriting = false
      if isWritten { state.insert(entry, for: key, commits: commits, capacity: capacity) }
    }
  }
}

extension AnswerCache.State {
  fileprivate mutating func insert(_ entry: AnswerCache.Entry, for key: AnswerCache.Key, commits: Int, capacity: Int) {
    guard commits >= self.commits else { return }
    if commits > self.commits {
      (entries, order, first) = ([:], [], 0)
      self.commits = commits
    }
    entries[key] = entry
    order.append((key, entry.position))
    while order[first].position < end - capacity {
      let (key, position) = order[first]
      if entries[key]?.position == position { entries[key] = nil }
      first += 1
    }
    if first > 1024, first > order.count / 2 {
      order.removeFirst(first)
      first = 0
    }
  }
}
