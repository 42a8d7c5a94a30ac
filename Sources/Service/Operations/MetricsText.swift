/// Writes metrics in the text format of Prometheus, version 0.0.4: each family with what it is, then its samples.
struct MetricsText {
  /// What a family is.
  enum Kind: String {
    case counter, gauge, histogram
  }

  typealias Labels = KeyValuePairs<String, String>

  /// What was written.
  private(set) var bytes: [UInt8] = []
  private var name = ""

  /// Writes a family with the samples that `body` adds.
  mutating func family(_ name: String, _ kind: Kind, _ help: String, _ body: (inout MetricsText) -> Void) {
    self.name = name
    let help = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    bytes += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n".utf8
    body(&self)
  }

  /// Writes a family of one number that only grows.
  mutating func counter(_ name: String, _ help: String, _ value: Double) {
    family(name, .counter, help) { $0.sample(value) }
  }

  /// Writes a family of one number; none where it is not known.
  mutating func gauge(_ name: String, _ help: String, _ value: Double?) {
    family(name, .gauge, help) { text in if let value { text.sample(value) } }
  }

  /// Writes a sample of the family.
  mutating func sample(_ value: Double, _ labels: Labels = [:]) { line("", Self.text(of: labels), value) }

  /// Writes a histogram of the family.
  mutating func histogram(_ histogram: Metrics.Histogram, _ labels: Labels = [:]) {
    let labels = Self.text(of: labels)
    let start = labels.isEmpty ? "" : labels + ","
    var count = 0
    for (place, number) in histogram.counts.enumerated() {
      count += number
      let bound = place < Metrics.bounds.count ? Self.text(of: Metrics.bounds[place]) : "+Inf"
      line("_bucket", "\(start)le=\"\(bound)\"", Double(count))
    }
    line("_sum", labels, histogram.seconds)
    line("_count", labels, Double(count))
  }

  private mutating func line(_ suffix: String, _ labels: String, _ value: Double) {
    bytes += name.utf8
    bytes += suffix.utf8
    if !labels.isEmpty { bytes += "{\(labels)}".utf8 }
    bytes += " \(Self.text(of: value))\n".utf8
  }

  private static func text(of labels: Labels) -> String {
    labels.map { name, value in
      let value = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
      return "\(name)=\"\(value)\""
    }.joined(separator: ",")
  }

  private static func text(of value: Double) -> String { Int(exactly: value).map { String($0) } ?? "\(value)" }
}
