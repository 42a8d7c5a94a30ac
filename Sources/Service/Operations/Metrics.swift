import HTTP
import HTTPTypes
import Locking
import Synchronization

/// What the service counts of its own work. Counting is adding to atomic numbers, so no request waits for another.
final class Metrics: Sendable {
  /// Upper bounds of the durations that are told apart, in seconds; one more is for what is longer.
  static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  /// How often durations were in each span, and their sum.
  struct Histogram {
    var counts: [Int]
    var seconds: Double
    var count: Int { counts.reduce(0, +) }
  }

  /// The patterns of the routes by the number that answers are noted with; the first is for what no route is for.
  let routes: [String]
  private let numbers: [String: Int]
  /// For each route, method and status, how many.
  private let requests: AtomicNumbers
  /// For each route, bytes of bodies.
  private let bytes: AtomicNumbers
  private let durations: AtomicHistograms
  private let waits = AtomicHistograms(count: 1)
  private let slow = AtomicNumbers(count: 1)
  private let problems = Locked<[String: Int]>([:])
  private let refusals = Locked<[String: Int]>([:])

  private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"]
  /// The statuses that are told apart; the last is for all others.
  private static let statuses = [
    200, 201, 202, 204, 206, 302, 304, 308, 400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 416,
    417, 422, 428, 429, 431, 500, 501, 503, 505, 507, 0,
  ]
  private static let statusPlaces: [Int] = {
    var places = [Int](repeating: statuses.count - 1, count: 600)
    for (place, status) in statuses.enumerated() { places[status] = place }
    return places
  }()

  /// Counts for the routes of these patterns.
  init(patterns: [String]) {
    var routes = ["unmatched"]
    for pattern in patterns where !routes.contains(pattern) { routes.append(pattern) }
    self.routes = routes
    numbers = Dictionary(uniqueKeysWithValues: zip(routes, 0...))
    requests = AtomicNumbers(count: routes.count * Self.methods.count * Self.statuses.count)
    bytes = AtomicNumbers(count: routes.count)
    durations = AtomicHistograms(count: routes.count)
  }

  /// The number of a route.
  func number(of pattern: String?) -> Int { pattern.flatMap { numbers[$0] } ?? 0 }

  /// Counts a request that was answered.
  func record(_ exchange: Exchange) {
    let note = exchange.response.note
    let status = exchange.response.status.code
    let place = Self.statusPlaces.indices.contains(status) ? Self.statusPlaces[status] : Self.statuses.count - 1
    let method = Self.place(of: exchange.request?.method)
    requests.add(1, at: (note.kind * Self.methods.count + method) * Self.statuses.count + place)
    bytes.add(exchange.bytesSent, at: note.kind)
    durations.record(exchange.seconds, at: note.kind)
    if let waited = note.waited { waits.record(waited, at: 0) }
  }

  /// Counts a problem that an endpoint answered with.
  func recordProblem(_ code: String) { problems.withLock { $0[code, default: 0] += 1 } }

  /// Counts a request that was refused before it reached an endpoint.
  func recordRefusal(_ code: String) { refusals.withLock { $0[code, default: 0] += 1 } }

  /// Counts a request that was written to the log because it was slow.
  func recordSlow() { slow.add(1, at: 0) }

  private static func place(of method: HTTPRequest.Method?) -> Int {
    switch method {
    case .get?: 0
    case .head?: 1
    case .post?: 2
    case .put?: 3
    case .patch?: 4
    case .delete?: 5
    case .options?: 6
    default: 7
    }
  }

  // MARK: Reading

  /// Calls `body` for each route, method and status that there was.
  func forEachRequest(_ body: (_ route: String, _ method: String, _ status: String, Int) -> Void) {
    for (number, route) in routes.enumerated() {
      for (method, name) in Self.methods.enumerated() {
        for (place, status) in Self.statuses.enumerated() {
          let count = requests[(number * Self.methods.count + method) * Self.statuses.count + place]
          if count > 0 { body(route, name, status == 0 ? "other" : String(status), count) }
        }
      }
    }
  }

  /// Calls `body` for each route that was asked for.
  func forEachRoute(_ body: (_ route: String, _ bytes: Int, _ durations: Histogram) -> Void) {
    for (number, route) in routes.enumerated() {
      let histogram = durations[number]
      if histogram.count > 0 { body(route, bytes[number], histogram) }
    }
  }

  /// How long requests waited for a worker.
  var waiting: Histogram { waits[0] }
  /// Requests that were slow.
  var slowRequests: Int { slow[0] }
  /// Problems by their code.
  var problemCounts: [String: Int] { problems.withLock { $0 } }
  /// Refusals by their code.
  var refusalCounts: [String: Int] { refusals.withLock { $0 } }
}

/// What is counted of imports.
final class ImportMetrics: Sendable {
  /// What became of a document.
  enum Result: String, CaseIterable {
    case created, revised, unchanged, refused
  }

  private let numbers = AtomicNumbers(count: Result.allCases.count)
  private let histogram = AtomicHistograms(count: 1)

  /// Counts what became of the documents of a request.
  func record(_ counts: [Result: Int], seconds: Double) {
    for (place, result) in Result.allCases.enumerated() { numbers.add(counts[result] ?? 0, at: place) }
    histogram.record(seconds, at: 0)
  }

  /// Documents by what became of them.
  var counts: [(result: Result, count: Int)] { zip(Result.allCases, 0...).map { ($0, numbers[$1]) } }
  /// How long requests with documents were worked on.
  var durations: Metrics.Histogram { histogram[0] }
}

/// Numbers that many threads add to.
///
/// Unchecked, since the compiler cannot know of the memory that it is reached by a pointer that never changes, and holds
/// atomic numbers only.
private final class AtomicNumbers: @unchecked Sendable {
  private let cells: UnsafeMutableBufferPointer<Atomic<Int>>

  init(count: Int) {
    cells = .allocate(capacity: count)
    for index in 0..<count { cells.initializeElement(at: index, to: Atomic(0)) }
  }

  deinit {
    for index in cells.indices { cells.deinitializeElement(at: index) }
    cells.deallocate()
  }

  subscript(index: Int) -> Int { cells[index].load(ordering: .relaxed) }

  func add(_ number: Int, at index: Int) { cells[index].add(number, ordering: .relaxed) }
}

/// Histograms of durations that many threads add to.
private final class AtomicHistograms: Sendable {
  /// For each histogram its spans, and then the sum in nanoseconds.
  private let numbers: AtomicNumbers
  private static let width = Metrics.bounds.count + 2

  init(count: Int) { numbers = AtomicNumbers(count: count * Self.width) }

  func record(_ seconds: Double, at index: Int) {
    let span = Metrics.bounds.firstIndex { seconds <= $0 } ?? Metrics.bounds.count
    numbers.add(1, at: index * Self.width + span)
    numbers.add(Int(seconds * 1e9), at: (index + 1) * Self.width - 1)
  }

  subscript(index: Int) -> Metrics.Histogram {
    let start = index * Self.width
    return Metrics.Histogram(
      counts: (0...Metrics.bounds.count).map { numbers[start + $0] },
      seconds: Double(numbers[start + Self.width - 1]) / 1e9)
  }
}
