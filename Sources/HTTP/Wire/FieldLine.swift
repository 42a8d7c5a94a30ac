import HTTPTypes

/// One line of a header or trailer section (RFC 9112 §5): a name, a colon at once, and a value.
///
/// HTTPTypes turns bytes that no value may have into spaces, so they are refused here before it sees them.
enum FieldLine {
  static func field(_ line: Span<UInt8>) throws(WireError) -> HTTPField {
    var colon = 0
    while colon < line.count, Octet.isToken(line[colon]) { colon += 1 }
    guard colon > 0, colon < line.count, line[colon] == Octet.colon else { throw fault(line, at: colon) }
    let rest = line.extracting((colon + 1)...)
    let value = rest.extracting(rest.content)
    for index in value.indices where !Octet.isField(value[index]) {
      throw .malformed("A field value has a control character.")
    }
    guard let name = HTTPField.Name(line.extracting(..<colon).text) else { throw fault(line, at: 0) }
    return value.withUnsafeBufferPointer { HTTPField(name: name, value: $0) }
  }

  private static func fault(_ line: Span<UInt8>, at index: Int) -> WireError {
    guard index < line.count else { return .malformed("A field line has no colon.") }
    guard index > 0 else {
      return Octet.isBlank(line[0])
        ? .malformed("A field line begins with white space: folded lines are obsolete.")
        : .malformed("A field line begins with a character that no field name has.")
    }
    return Octet.isBlank(line[index])
      ? .malformed("There is white space before the colon of a field.")
      : .malformed("A field name has a character that no field name may have.")
  }
}
