import Foundation
import HTTP
import HTTPTypes
import Locking
import Storage

/// `/metrics`: what the service has done and is doing, as Prometheus reads it.
struct MetricsRoutes {
  static let path = "/metrics"

  let metrics: Metrics
  let imports: ImportMetrics
  let store: Store
  let overview: OverviewRepository
  let answers: AnswerCache?
  let accessLog: AccessLog?
  let server: ServerReference
  let health: HealthRoutes
  let upkeep: Upkeep?
  /// The corpus as it was counted last, and after how many commits.
  private let corpus = Locked<(commits: Int, Overview)?>(nil)

  init(
    metrics: Metrics, imports: ImportMetrics, store: Store, overview: OverviewRepository, answers: AnswerCache?,
    accessLog: AccessLog?, server: ServerReference, health: HealthRoutes, upkeep: Upkeep?
  ) {
    self.metrics = metrics
    self.imports = imports
    self.store = store
    self.overview = overview
    self.answers = answers
    self.accessLog = accessLog
    self.server = server
    self.health = health
    self.upkeep = upkeep
  }

  var endpoints: [Endpoint] {
    [
      Endpoint(
        .get, Self.path, name: "getMetrics", summary: "What the server has done and is doing, as Prometheus reads it.",
        formats: [.plainText],
        results: [.init(200, "Every metric, in the text format of version 0.0.4.")], handler: .aside(read))
    ]
  }

  private func read(_ call: Call) throws -> Response {
    var text = MetricsText()
    writeRequests(to: &text)
    if let statistics = server.server?.statistics() { write(statistics, to: &text) }
    writeStore(to: &text)
    writeUpkeep(to: &text)
    if let overview = counted() { write(overview, to: &text) }
    writeProcess(to: &text)
    return Response(
      status: .ok, headerFields: [.contentType: "text/plain; version=0.0.4; charset=utf-8"], body: .bytes(text.bytes))
  }

  /// The corpus in numbers. They are counted once after each commit; where the database does not answer, the last ones stand.
  private func counted() -> Overview? {
    let commits = store.commits
    if let known = corpus.withLock({ $0 }), known.commits == commits { return known.1 }
    if let overview = try? overview.overview() { corpus.withLock { $0 = (commits, overview) } }
    return corpus.withLock { $0?.1 }
  }

  private func writeRequests(to text: inout MetricsText) {
    text.family("rostrum_build_info", .gauge, "The version of the program; always 1.") {
      $0.sample(1, ["version": Version.text])
    }
    text.family("rostrum_http_requests_total", .counter, "Requests answered, by route, method and status.") { text in
      metrics.forEachRequest { text.sample(Double($3), ["route": $0, "method": $1, "status": $2]) }
    }
    text.family(
      "rostrum_http_request_duration_seconds", .histogram,
      "From the first byte of a request to the last of its answer, by route."
    ) { text in metrics.forEachRoute { text.histogram($2, ["route": $0]) } }
    text.family("rostrum_http_response_body_bytes_total", .counter, "Bytes of answers' bodies sent, by route.") {
      text in
      metrics.forEachRoute { route, bytes, _ in text.sample(Double(bytes), ["route": route]) }
    }
    text.family(
      "rostrum_http_refusals_total", .counter,
      "Requests refused before they reached an endpoint, malformed ones and those of too much load, by code."
    ) { text in Self.write(metrics.refusalCounts, to: &text) }
    text.family("rostrum_http_problems_total", .counter, "Problems that endpoints answered with, by code.") { text in
      Self.write(metrics.problemCounts, to: &text)
    }
    text.counter(
      "rostrum_query_deadlines_exceeded_total", "Queries that were interrupted because they took too long.",
      Double(metrics.problemCounts["deadline_exceeded"] ?? 0))
    text.counter(
      "rostrum_slow_requests_total", "Requests that were slower than slow_query_ms.", Double(metrics.slowRequests))
    text.family("rostrum_worker_wait_seconds", .histogram, "How long requests waited for a worker.") {
      $0.histogram(metrics.waiting)
    }
    text.family("rostrum_imported_documents_total", .counter, "Documents sent to be imported, by result.") { text in
      for (result, count) in imports.counts { text.sample(Double(count), ["result": result.rawValue]) }
    }
    text.family("rostrum_import_duration_seconds", .histogram, "How long requests with documents were worked on.") {
      $0.histogram(imports.durations)
    }
    text.counter(
      "rostrum_access_log_lines_dropped_total", "Lines of the access log that were not written.",
      Double(accessLog?.lost ?? 0))
  }

  private static func write(_ counts: [String: Int], to text: inout MetricsText) {
    for (code, count) in counts.sorted(by: { $0.key < $1.key }) { text.sample(Double(count), ["code": code]) }
  }

  private func write(_ server: ServerStatistics, to text: inout MetricsText) {
    text.family("rostrum_connections", .gauge, "Connections that are open, by what they are doing.") { text in
      for state in ConnectionState.allCases {
        text.sample(Double(server.connections[state] ?? 0), ["state": state.rawValue])
      }
    }
    text.counter(
      "rostrum_connections_accepted_total", "Connections that were accepted.", Double(server.acceptedConnections))
    text.counter(
      "rostrum_connections_refused_total", "Connections that were refused because there were too many.",
      Double(server.refusedConnections))
    text.gauge("rostrum_workers", "Workers there are.", Double(server.workers))
    text.gauge("rostrum_workers_busy", "Workers at work.", Double(server.busyWorkers))
    text.gauge("rostrum_worker_queue_length", "Requests that wait for a worker.", Double(server.waitingRequests))
    text.counter(
      "rostrum_worker_queue_refused_total", "Requests that were refused because too many waited for a worker.",
      Double(server.refusedRequests))
    text.gauge("rostrum_streams", "Streamed answers in the making.", Double(server.streams))
    text.counter(
      "rostrum_streams_refused_total", "Streamed answers that were refused because there were too many.",
      Double(server.refusedStreams))
    text.gauge("rostrum_request_body_memory_bytes", "Bytes of request bodies in memory.", Double(server.bodyBytes))
    text.counter(
      "rostrum_request_bodies_refused_total", "Request bodies for which there was no memory.",
      Double(server.refusedBodies))
  }

  private func writeStore(to text: inout MetricsText) {
    let store = store.statistics
    text.gauge("rostrum_database_readers", "Connections for reading there are.", Double(store.readers))
    text.gauge("rostrum_database_readers_in_use", "Connections for reading in use.", Double(store.readersInUse))
    text.gauge("rostrum_database_size_bytes", "Size of the database file.", Double(store.databaseBytes))
    text.gauge("rostrum_database_wal_size_bytes", "Size of the write-ahead log.", Double(store.walBytes))
    text.counter(
      "rostrum_database_transactions_total", "Transactions that wrote, the failed ones too.",
      Double(store.transactions))
    text.gauge("rostrum_disk_free_bytes", "Room on the disk with the database.", store.freeBytes.map { Double($0) })
    text.gauge("rostrum_disk_size_bytes", "Size of the disk with the database.", store.diskBytes.map { Double($0) })
    text.counter(
      "rostrum_searches_total", "Searches that were evaluated; those answered with a kept answer are not among them.",
      Double(store.searches))
    let cache = answers?.statistics ?? .init()
    text.gauge("rostrum_answer_cache_size_bytes", "Bytes of answers that are kept.", Double(cache.bytes))
    text.gauge("rostrum_answer_cache_entries", "Answers that are kept.", Double(cache.entries))
    text.counter(
      "rostrum_answer_cache_hits_total", "Requests answered with a kept answer.", Double(cache.hits))
    text.counter(
      "rostrum_answer_cache_misses_total", "Requests for which no answer was kept that might have been.",
      Double(cache.misses))
  }

  private func writeUpkeep(to text: inout MetricsText) {
    text.family("rostrum_ready", .gauge, "1 where what /ready looks at is as it has to be, else 0, by check.") { text in
      for check in health.checks { text.sample(check.reason == nil ? 1 : 0, ["check": check.name]) }
    }
    let backups = upkeep?.backups
    text.gauge("rostrum_backup_interval_seconds", "From one backup to the next, where any are made.", backups?.interval)
    text.gauge(
      "rostrum_backup_last_success_timestamp_seconds",
      "The moment that the newest backup is of, in seconds since unix epoch.",
      backups?.lastSuccess.flatMap { try? Date($0, strategy: .iso8601) }?.timeIntervalSince1970)
    text.gauge("rostrum_backup_size_bytes", "Size of the last backup made.", backups?.bytes.map { Double($0) })
    text.gauge("rostrum_backup_duration_seconds", "How long the last backup took to make.", backups?.seconds)
    text.counter(
      "rostrum_backup_failures_total", "Backups that could not be made.", Double(backups?.failures ?? 0))
  }

  private func write(_ overview: Overview, to text: inout MetricsText) {
    text.gauge(
      "rostrum_corpus_revision", "The number of the last write of the corpus.", Double(overview.state.revision))
    text.gauge("rostrum_corpus_speeches", "Speeches that are not deleted.", Double(overview.speeches))
    text.gauge("rostrum_corpus_deleted_speeches", "Speeches that were deleted.", Double(overview.deleted))
    text.gauge("rostrum_corpus_sections", "Sections of the speeches.", Double(overview.sections))
    text.gauge(
      "rostrum_corpus_characters", "Characters of the speeches without white space.", Double(overview.characters))
  }

  private func writeProcess(to text: inout MetricsText) {
    let figures = ProcessFigures()
    text.gauge("process_resident_memory_bytes", "Resident memory size in bytes.", figures.residentBytes)
    text.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", figures.virtualBytes)
    text.counter(
      "process_cpu_seconds_total", "Total user and system CPU time spent in seconds.", figures.processorSeconds ?? 0)
    text.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.", figures.start)
    text.gauge("process_open_fds", "Number of open file descriptors.", figures.openFiles)
    text.gauge("process_max_fds", "Maximum number of open file descriptors.", figures.maximumFiles)
  }
}

/// The server that a site is served by, once there is one.
final class ServerReference: Sendable {
  private struct Weak: Sendable {
    weak var server: Server?
  }

  private let reference = Locked(Weak())

  var server: Server? {
    get { reference.withLock { $0.server } }
    set { reference.withLock { $0.server = newValue } }
  }
}
