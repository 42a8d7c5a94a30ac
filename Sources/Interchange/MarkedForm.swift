import Corpus

/// How a vocabulary of XML says the steps of a marked text, and how they are read from it.
enum MarkedForm {
  case tei, akomaNtoso

  /// The namespace of what is ours alone.
  static let namespace = "urn:x-rostrum:speech"

  /// Writes the steps; `rostrum` has to be bound to our namespace in Akoma Ntoso.
  func write(_ events: [MarkedEvent], to writer: inout XMLWriter) {
    var containers = 0
    var isInLine: [Bool] = []
    for event in events {
      let element: (name: String, attributes: [(String, String?)])
      switch (event, self) {
      case (.text(let text), _):
        writer.text(text)
        continue
      case (.end, _):
        writer.end()
        if isInLine.popLast() == false { writer.line() }
        continue
      case (.node(let kind, let number), .tei):
        element = ("seg", [("type", kind.rawValue), ("n", number.map(String.init))])
      case (.node(let kind, let number), .akomaNtoso):
        containers += 1
        element = (
          "blockContainer",
          [("eId", "blockctr_\(containers)"), ("class", kind.rawValue), ("rostrum:number", number.map(String.init))]
        )
      case (.line, .tei): element = ("seg", [])
      case (.line, .akomaNtoso): element = ("p", [])
      case (.part(.label), .tei): element = ("label", [])
      case (.part(.heading), .tei): element = ("label", [("type", "heading")])
      case (.part(.separator), .tei): element = ("pc", [])
      case (.part(let part), .akomaNtoso): element = ("inline", [("name", part.rawValue)])
      case (.mark("stage_direction", let value), .tei):
        element = ("note", [("type", "stage_direction"), ("n", value)])
      case (.mark(let kind, let value), .tei): element = ("seg", [("type", kind), ("n", value)])
      case (.mark("stage_direction", let value), .akomaNtoso):
        element = ("remark", [("rostrum:value", value)])
      case (.mark(let kind, let value), .akomaNtoso):
        element = ("inline", [("name", kind), ("rostrum:value", value)])
      }
      writer.start(element.name, element.attributes)
      switch event {
      case .node:
        writer.line()
        isInLine.append(false)
      case .line: isInLine.append(false)
      default: isInLine.append(true)
      }
    }
  }

  /// Reads the steps inside the element that just began, to its end.
  func read(_ stream: XMLStream) throws(Refusal) -> MarkedText {
    let depth = stream.depth
    var marked = MarkedText()
    while true {
      switch try stream.next() {
      case .start:
        let event = self.event(stream, isInLine: marked.isInLine)
        if case .node = event, marked.depth == MarkedText.maximumDepth {
          throw Refusal(
            code: "malformed_xml", reason: "The sections nest deeper than \(MarkedText.maximumDepth) levels.",
            line: stream.line)
        }
        marked.take(event)
      case .text: if marked.isInLine { marked.take(.text(stream.text.replacing("\n", with: " "))) }
      case .end:
        if stream.depth < depth { return marked }
        marked.take(.end)
      case .finish: return marked
      }
    }
  }

  /// What the element that just began stands for; nil for one that only wraps others.
  private func event(_ stream: XMLStream, isInLine: Bool) -> MarkedEvent? {
    func value(_ name: String) -> String? { stream.exactAttribute(name, namespace: Self.namespace) }
    switch (self, stream.name, isInLine) {
    case (.tei, "seg", false):
      return node(stream.exactAttribute("type"), number: stream.exactAttribute("n")) ?? .line
    case (.tei, "label", true): return .part(stream.exactAttribute("type") == "heading" ? .heading : .label)
    case (.tei, "pc", true): return .part(.separator)
    case (.tei, "seg", true), (.tei, "note", true):
      return stream.exactAttribute("type").map { .mark(kind: $0, value: stream.exactAttribute("n")) }
    case (.akomaNtoso, "blockContainer", false):
      return node(stream.exactAttribute("class"), number: value("number"))
    case (.akomaNtoso, "p", false): return .line
    case (.akomaNtoso, "remark", true): return .mark(kind: "stage_direction", value: value("value"))
    case (.akomaNtoso, "inline", true):
      return stream.exactAttribute("name").map { name in
        MarkedEvent.Part(rawValue: name).map(MarkedEvent.part) ?? .mark(kind: name, value: value("value"))
      }
    default: return nil
    }
  }

  private func node(_ kind: String?, number: String?) -> MarkedEvent? {
    kind.flatMap(Section.Kind.init).map { .node($0, number: number.flatMap { Int($0) }) }
  }
}
