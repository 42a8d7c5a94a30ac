import Corpus

extension Explanation {
  /// The explanation as aligned lines of text, none wider than `width` columns; a Han character takes two.
  public func table(width: Int = 100) -> String {
    let verdicts = lines.map { (["\($0.verdict) R\($0.rule.rawValue)"] + $0.marks).joined(separator: ", ") }
    let digits = max(2, lines.compactMap(\.number).max().map { String($0).count } ?? 0)
    let longest = verdicts.map { Columns.width($0) }.max() ?? 0
    let column = min(longest, max(12, width / 2 - digits - 4))
    var rows: [String] = []
    for (line, verdict) in zip(lines, verdicts) {
      let number = line.number.map(String.init) ?? "-"
      rows.append(
        String(repeating: " ", count: max(0, digits - number.count)) + number + "  " + Columns.padded(verdict, column)
          + "  "
          + Columns.cut(line.text, width - digits - column - 4))
    }
    rows.append("")
    for (name, rule, value) in facts {
      rows.append(Columns.cut(Columns.padded("\(name) R\(rule.rawValue)", 22) + "  " + value, width))
    }
    let used = Set(lines.map(\.rule) + facts.map(\.rule))
    rows.append("")
    var names = ""
    for rule in Rule.allCases where used.contains(rule) {
      if Columns.width(names + ", " + rule.name) >= width {
        rows.append(names + ",")
        names = ""
      }
      names += (names.isEmpty ? "" : ", ") + rule.name
    }
    return (rows + [names]).joined(separator: "\n") + "\n"
  }

  /// The fields that were read, each with its rule and, where it is a guess, how sure it is.
  private var facts: [(name: String, rule: Rule, value: String)] {
    let values: [(String, Rule, String?)] = [
      ("title", .title, speech.title), ("subtitle", .subtitle, speech.subtitle),
      ("occasion", .occasion, speech.occasion), ("genre", .occasion, speech.genre),
      ("speaker.name", .speaker, speech.speaker.name), ("speaker.role", .speaker, speech.speaker.role),
      ("speaker.level", .level, speech.speaker.level?.rawValue), ("delivered", .dates, speech.delivered?.value),
      ("published", .dates, speech.published?.value), ("location", .place, speech.location),
      ("language", .decoding, speech.language),
    ]
    var facts: [(name: String, rule: Rule, value: String)] = values.compactMap { name, rule, value in
      guard let value else { return nil }
      let confidence = speech.inferred[name].map { " (\($0.confidence))" } ?? ""
      let conflicts = speech.inferred[name]?.conflicts.isEmpty == false ? ", something speaks against it" : ""
      return (name, rule, value + confidence + conflicts)
    }
    if !speech.warnings.isEmpty {
      facts.append((name: "warnings", rule: .warnings, value: speech.warnings.joined(separator: " ")))
    }
    return facts
  }
}

/// Text in columns of a terminal.
private enum Columns {
  static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }

  static func width(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + width($1) } }

  static func padded(_ text: String, _ columns: Int) -> String {
    let text = cut(text, columns)
    return text + String(repeating: " ", count: max(0, columns - width(text)))
  }

  /// The text if it fits, else its beginning and `…`; control characters become spaces.
  static func cut(_ text: String, _ columns: Int) -> String {
    var (result, used) = ("", 0)
    for scalar in text.unicodeScalars {
      let next = width(scalar)
      if used + next > columns - 1, used + next > columns || width(text) > columns {
        return result + "…"
      }
      result.unicodeScalars.append(scalar.value < 32 || (0x7F...0x9F).contains(scalar.value) ? " " : scalar)
      used += next
    }
    return result
  }
}
