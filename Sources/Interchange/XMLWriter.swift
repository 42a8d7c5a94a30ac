/// Writes XML 1.0 as bytes: UTF-8, elements closed in order, characters escaped where they must be.
///
/// XML 1.0 (§2.2) cannot hold most control characters, U+FFFE and U+FFFF, not even by reference: U+FFFD stands for them.
struct XMLWriter {
  /// Attributes in order; those without a value are left out.
  typealias Attributes = KeyValuePairs<String, String?>

  /// What was written so far.
  private(set) var bytes = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8)
  /// The open elements, and where the content of each begins.
  private var open: [(name: String, start: Int)] = []

  /// Writes an element whose content `body` writes.
  mutating func element(
    _ name: String, _ attributes: Attributes = [:], _ body: (inout XMLWriter) -> Void = { _ in }
  ) {
    start(name, attributes.map { ($0.key, $0.value) })
    body(&self)
    end()
  }

  /// Writes an element with a text, or nothing where there is none.
  mutating func element(_ name: String, _ attributes: Attributes = [:], text: String?) {
    if let text { element(name, attributes) { $0.text(text) } }
  }

  /// Begins an element.
  mutating func start(_ name: String, _ attributes: [(String, String?)]) {
    bytes.append(UInt8(ascii: "<"))
    bytes += name.utf8
    for case (let name, let value?) in attributes {
      bytes.append(UInt8(ascii: " "))
      bytes += name.utf8
      bytes += "=\"".utf8
      escape(value, inAttribute: true)
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: ">"))
    open.append((name, bytes.count))
  }

  /// Ends the element that began last; an empty one in its short form.
  mutating func end() {
    guard let (name, start) = open.popLast() else { return }
    if start == bytes.count {
      bytes.insert(UInt8(ascii: "/"), at: start - 1)
    } else {
      bytes += "</\(name)>".utf8
    }
  }

  /// Writes characters.
  mutating func text(_ text: String) { escape(text, inAttribute: false) }

  /// Ends the line, where white space says nothing.
  mutating func line() { bytes.append(10) }

  private mutating func escape(_ text: String, inAttribute: Bool) {
    var text = text
    text.withUTF8 { run in
      var start = 0
      for (index, byte) in run.enumerated() {
        guard let (written, length) = Self.escaped(byte, run, index, inAttribute: inAttribute) else { continue }
        bytes += run[start..<index]
        bytes += written.utf8
        start = index + length
      }
      bytes += run[start...]
    }
  }

  /// What stands for the character that begins at `index`, and how many bytes it stands for; nil for the character itself.
  private static func escaped(
    _ byte: UInt8, _ run: UnsafeBufferPointer<UInt8>, _ index: Int, inAttribute: Bool
  ) -> (String, Int)? {
    switch byte {
    case UInt8(ascii: "&"): ("&amp;", 1)
    case UInt8(ascii: "<"): ("&lt;", 1)
    case UInt8(ascii: ">"): ("&gt;", 1)
    case UInt8(ascii: "\"") where inAttribute: ("&quot;", 1)
    // Read as a space in an attribute, or as the end of a line, unless written by reference (§2.11, §3.3.3).
    case 9 where inAttribute, 10 where inAttribute, 13: ("&#\(byte);", 1)
    case 9, 10, 32...0xEE: nil
    case 0xEF where run[index + 1] == 0xBF && run[index + 2] >= 0xBE: ("\u{FFFD}", 3)
    case 0xEF...: nil
    default: ("\u{FFFD}", 1)
    }
  }
}
