import Corpus
import Foundation
import HTTP
import HTTPTypes
import Storage
import TestSupport
import Testing

@testable import Service

@Suite("/metrics")
struct MetricsRoutesTests {
  /// The samples by what stands before their value.
  private func samples(_ test: TestSite) throws -> [String: Double] {
    let reply = try test.send(.get, "/metrics")
    #expect(reply.status == 200)
    var samples: [String: Double] = [:]
    for line in reply.text.split(separator: "\n") where !line.hasPrefix("#") {
      guard let space = line.lastIndex(of: " ") else { continue }
      #expect(
        samples.updateValue(Double(line[line.index(after: space)...]) ?? .nan, forKey: String(line[..<space])) == nil)
    }
    return samples
  }

  /// Asks for something, and says that it was sent, as the server does.
  private func ask(_ test: TestSite, _ method: HTTPRequest.Method, _ target: String) throws {
    let reply = try test.send(method, target)
    test.site.completed(
      Exchange(
        request: Target(target).map { Request(method: method, target: $0) }, peer: "192.0.2.1",
        response: reply.response,
        bytesSent: reply.bytes.count, seconds: 0.003))
  }

  @Test("is in the text format of Prometheus, and kept nowhere")
  func format() throws {
    let test = try TestSite()
    let reply = try test.send(.get, "/metrics")
    #expect(reply.field("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
    #expect(reply.field("ETag") == nil && reply.field("Cache-Control") == "no-store")
    #expect(reply.text.hasSuffix("\n"))
    let families = reply.text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ") }
    #expect(Set(families.map { $0[2] }).count == families.count)
    for family in families where family[3] == "counter" { #expect(family[2].hasSuffix("_total")) }
    let prometheus = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
    #expect(try test.send(.get, "/metrics", fields: ["Accept": prometheus]).status == 200)
  }

  @Test("counts requests by the pattern of their route, with one name for whatever is at no address")
  func requests() throws {
    let test = try TestSite()
    let id = try test.keep("a")
    for _ in 0..<3 { try ask(test, .get, "/v1/speeches/\(id)") }
    for number in 0..<5 { try ask(test, .get, "/nothing/\(number)") }
    try ask(test, .get, "/v1/speeches/zzzzzzzzzzzz")
    try ask(test, .get, "/v1/speeches?bogus=1")
    try ask(test, .init("BREW") ?? .put, "/v1/speeches")
    let samples = try samples(test)
    func requests(_ route: String, _ method: String, _ status: Int) -> Double? {
      samples["rostrum_http_requests_total{route=\"\(route)\",method=\"\(method)\",status=\"\(status)\"}"]
    }
    #expect(requests("/v1/speeches/{id}", "GET", 200) == 3 && requests("/v1/speeches/{id}", "GET", 404) == 1)
    #expect(requests("unmatched", "GET", 404) == 5 && requests("/v1/speeches", "GET", 400) == 1)
    #expect(requests("/v1/speeches", "other", 405) == 1)
    let duration = "rostrum_http_request_duration_seconds"
    #expect(samples["\(duration)_bucket{route=\"unmatched\",le=\"0.0025\"}"] == 0)
    #expect(samples["\(duration)_bucket{route=\"unmatched\",le=\"0.005\"}"] == 5)
    #expect(samples["\(duration)_bucket{route=\"unmatched\",le=\"+Inf\"}"] == 5)
    #expect(samples["\(duration)_count{route=\"unmatched\"}"] == 5)
    #expect(abs((samples["\(duration)_sum{route=\"unmatched\"}"] ?? 0) - 0.015) < 1e-6)
    #expect((samples["rostrum_http_response_body_bytes_total{route=\"/v1/speeches/{id}\"}"] ?? 0) > 100)
    #expect(samples["rostrum_http_problems_total{code=\"not_found\"}"] == 5)
  }

  @Test("tells what /ready looks at, and of backups only where they are made")
  func upkeep() throws {
    let plain = try samples(TestSite(leastFreeBytes: .max))
    #expect(plain["rostrum_ready{check=\"disk\"}"] == 0 && plain["rostrum_ready{check=\"index\"}"] == 1)
    #expect(plain["rostrum_backup_interval_seconds"] == nil && plain["rostrum_backup_failures_total"] == 0)
    let test = try TestSite(backupFolder: "backups")
    let upkeep = try #require(test.upkeep)
    let failing = try samples(test)
    #expect(failing["rostrum_backup_interval_seconds"] == 7_200)
    #expect(failing["rostrum_backup_last_success_timestamp_seconds"] == nil)
    upkeep.start()
    defer { upkeep.stop() }
    for _ in 0..<500 where upkeep.backups?.lastError == nil { usleep(20_000) }
    #expect(try samples(test)["rostrum_backup_failures_total"] == 1)
    // Another server, now that there is a folder.
    try FileManager.default.createDirectory(
      at: test.folder.appending(path: "backups"), withIntermediateDirectories: true)
    let other = try TestSite(backupFolder: test.folder.appending(path: "backups").path)
    let second = try #require(other.upkeep)
    let began = Date.now.timeIntervalSince1970
    second.start()
    defer { second.stop() }
    for _ in 0..<500 where second.backups?.lastSuccess == nil { usleep(20_000) }
    let made = try samples(other)
    let time = try #require(made["rostrum_backup_last_success_timestamp_seconds"])
    #expect(time > began - 2 && time < Date.now.timeIntervalSince1970 + 1)
    #expect((made["rostrum_backup_size_bytes"] ?? 0) > 0 && made["rostrum_backup_failures_total"] == 0)
  }

  @Test("counts kept answers, searches, the corpus, imports and refusals")
  func work() throws {
    let test = try TestSite()
    try test.keep("a", .make(title: "甲"))
    let other = try test.keep("b", .make(title: "乙"))
    _ = try test.send(.get, "/v1/speeches")
    _ = try test.send(.get, "/v1/search?q=xqzjw")
    _ = try test.write(.post, "/v1/speeches", body: #"{"text": "各位来宾，大家好。", "url": "https://example.org/c"}"#)
    _ = try test.write(
      .post, "/v1/speeches", type: "application/x-ndjson", body: "{\"text\": \"大家好。\"}\n{\"text\": 1}\n")
    _ = try test.write(.post, "/v1/speeches", body: "{")
    _ = try test.write(.delete, "/v1/speeches/\(other)")
    _ = test.site.refusal(.headerTimeout, to: nil)
    let samples = try samples(test)
    for (name, value) in [
      "rostrum_answer_cache_hits_total": 2, "rostrum_searches_total": 1, "rostrum_corpus_speeches": 3,
      "rostrum_corpus_deleted_speeches": 1, "rostrum_http_refusals_total{code=\"request_timeout\"}": 1,
      "rostrum_imported_documents_total{result=\"created\"}": 2,
      "rostrum_imported_documents_total{result=\"refused\"}": 2, "rostrum_import_duration_seconds_count": 3,
      "rostrum_build_info{version=\"\(Version.text)\"}": 1,
    ] as [String: Double] {
      #expect(samples[name] == value, "\(name)")
    }
    for name in [
      "rostrum_corpus_sections", "rostrum_corpus_characters", "rostrum_corpus_revision", "rostrum_database_size_bytes",
      "rostrum_database_wal_size_bytes", "rostrum_answer_cache_misses_total", "process_resident_memory_bytes",
      "process_open_fds", "process_max_fds", "process_cpu_seconds_total", "process_start_time_seconds",
      "rostrum_disk_free_bytes",
    ] {
      #expect((samples[name] ?? 0) > 0, "\(name)")
    }
    let start = samples["process_start_time_seconds"] ?? 0
    #expect(abs(start - Date().timeIntervalSince1970) < 86_400)
  }

  @Test("has every metric that the dashboard and the alerts in share/monitoring ask for")
  func monitoring() throws {
    let test = try TestSite()
    let server = Server(application: test.site, loops: 1, workers: 1)
    test.site.attach(server)
    let text = try test.send(.get, "/metrics").text
    var known: Set<String> = ["up"]
    for line in text.split(separator: "\n") where line.hasPrefix("# TYPE ") {
      let parts = line.split(separator: " ").map(String.init)
      known.insert(parts[2])
      if parts[3] == "histogram" { for suffix in ["_bucket", "_sum", "_count"] { known.insert(parts[2] + suffix) } }
    }
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "share/monitoring")
    for file in ["grafana-dashboard.json", "alerts.yaml"] {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      let names = Set(text.matches(of: /\b(?:rostrum|process)_[a-z_]+\b/).map { String($0.output) })
      #expect(names.count > 5)
      #expect(names.subtracting(known).isEmpty, "\(file)")
    }
    server.drain(within: .zero)
  }
}
