/// Undoes the chunked coding of a body (RFC 9112 §7.1), as strict about its framing as about a head.
///
/// Extensions are checked and ignored; trailer fields are checked and dropped, since nothing here asks for one.
struct ChunkedDecoder {
  private enum Stage {
    case size
    case data(Int)
    case dataEnd
    case trailers
  }

  private var stage = Stage.size
  private var extensionBytes = 0
  private var trailerBytes = 0
  private var trailerFields = 0

  /// Moves what has come into the body; true once the last chunk and the trailers have been read.
  mutating func decode(
    _ input: inout InputBuffer, into body: inout BodyBuffer, limits: Limits
  ) throws(WireError) -> Bool {
    while true {
      switch stage {
      case .size:
        try Self.checkBeginning(of: input)
        guard
          let line = try input.line(
            limit: limits.chunkExtensions,
            orThrow: .malformed("The line with the size of a chunk is too long."))
        else { return false }
        let size = try chunkSize(input.bytes.span.extracting(line), limits: limits)
        guard size <= limits.body - body.count else { throw .contentTooLarge(limit: limits.body) }
        stage = size == 0 ? .trailers : .data(size)
      case .data(let remaining):
        let taken = input.take(upTo: remaining)
        body.append(input.bytes[taken])
        guard taken.count == remaining else {
          stage = .data(remaining - taken.count)
          return false
        }
        stage = .dataEnd
      case .dataEnd:
        let next = input.bytes[input.start...].prefix(2)
        guard next.elementsEqual([Octet.carriageReturn, Octet.lineFeed].prefix(next.count)) else {
          throw .malformed("The data of a chunk are longer than its size.")
        }
        guard next.count == 2 else { return false }
        _ = input.take(upTo: 2)
        stage = .size
      case .trailers:
        guard
          let line = try input.line(
            limit: limits.trailers - trailerBytes,
            orThrow: .fieldsTooLarge("The trailer section is too long."))
        else { return false }
        if line.isEmpty { return true }
        trailerBytes += line.count + 2
        trailerFields += 1
        guard trailerFields <= limits.fields, trailerBytes <= limits.trailers else {
          throw .fieldsTooLarge("The trailer section is too long.")
        }
        _ = try FieldLine.field(input.bytes.span.extracting(line))
      }
    }
  }

  /// Refuses what cannot become a size without waiting for the end of its line.
  private static func checkBeginning(of input: borrowing InputBuffer) throws(WireError) {
    let beginning = input.bytes[input.start...].prefix(17)
    guard let first = beginning.first else { return }
    guard Octet.hexValue(first) != nil,
      beginning.count < 17 || !beginning.allSatisfy({ Octet.hexValue($0) != nil })
    else { throw .malformed("The size of a chunk is not a number of at most 16 digits.") }
  }

  private mutating func chunkSize(_ line: Span<UInt8>, limits: Limits) throws(WireError) -> Int {
    var digits = 0
    var size = 0
    while digits < line.count, let digit = Octet.hexValue(line[digits]) {
      // Sixteen digits may have 64 bits; what does not fit an Int is over every limit.
      size = size > Int.max >> 4 ? .max : size << 4 | Int(digit)
      digits += 1
    }
    guard digits > 0 else { throw .malformed("The size of a chunk is not a number of at most 16 digits.") }
    extensionBytes += line.count - digits
    guard extensionBytes <= limits.chunkExtensions else {
      throw .malformed("The chunks have too long extensions.")
    }
    guard ChunkExtensions.isValid(line.extracting(digits...)) else {
      throw .malformed("An extension of a chunk is malformed.")
    }
    return size
  }
}
