/// Divides folded text into the tokens of the index, about one for each character and one for each word, so that a phrase
/// with the marks and spaces in it is a run of neighbouring tokens and nothing has to be looked up in the text afterwards.
///
/// * A character is a token together with what follows it, a character or a mark: `疫情`, `情，`. Before a word or a sign it
///   stands alone. So every character begins one token, and a beginning of a token finds it.
/// * A word is a token, and so is a sign, and a mark that follows no character.
/// * A character right behind a word or a sign has a token of its own before its usual one (`·年`), so that `2021年`
///   needs no search by beginning.
/// * The end of a line is a mark.
///
/// Marks of ASCII are written as their full-width twins: those have been folded away, so nothing else is written so, and no
/// token has a space in it.
public enum Tokenizer {
  private typealias Folded = Folding.Folded

  /// Appends the tokens of a line and its end to a text for the index, each followed by a space.
  /// - Parameter width: told how many code points each takes up, in order; nil for the end of the line.
  /// - Returns: how many there are.
  @inline(__always)
  public static func append(
    line: ArraySlice<Folding.Folded>, to text: inout [UInt8], width: (Int?) -> Void
  ) -> Int {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: (line.count + 1) * mostBytes, alignment: 1)
    defer { buffer.deallocate() }
    var output = Output(buffer)
    let count = line.withUnsafeBufferPointer { append(line: $0, to: &output, width: width) }
    text.append(contentsOf: output.written)
    return count
  }

  @inline(__always)
  private static func append(
    line: UnsafeBufferPointer<Folded>, to text: inout Output, width: (Int?) -> Void
  ) -> Int {
    // A variable of its own, which need not be in memory at each step.
    var output = text
    var (count, position) = (0, 0)
    while position <= line.count {
      let current = position < line.count ? line[position] : lineEnd
      switch current.kind {
      case .character:
        if position > 0, attracts(line[position - 1]) {
          output.append(head)
          output.append(current)
          output.append(space)
          width(0)
          count += 1
        }
        output.append(current)
        let start = position
        position += 1
        let next = position < line.count ? line[position] : lineEnd
        switch next.kind {
        case .character: output.append(next)
        case .mark:
          output.append(written(next))
          position += 1
        case .word, .sign: break
        }
        if position <= line.count { width(position - start) }
      case .word:
        let start = position
        repeat {
          output.append(line[position])
          position += 1
        } while position < line.count && line[position].kind == .word
        width(position - start)
      case .mark, .sign:
        output.append(written(current))
        position += 1
        if position <= line.count { width(1) }
      }
      output.append(space)
      count += 1
    }
    text = output
    width(nil)
    return count
  }

  /// How a term is found in the index.
  public struct Pattern: Hashable, Sendable {
    /// The tokens that stand in a row wherever a text has the term. None where it is nothing but marks.
    public var tokens: [String] = []
    /// Whether the last of them is only a beginning.
    public var isPrefix = false
    /// Whether they stand nowhere else. Marks with which a term begins may be part of a token that is not known, and are
    /// left out: then the text has to be looked at.
    public var isExact = true
  }

  /// How a term is found.
  /// - Parameter isPrefix: whether its last word may go on.
  public static func pattern(of term: [Folding.Folded], isPrefix: Bool) -> Pattern {
    var pattern = Pattern()
    var position = term.firstIndex { $0.kind != .mark } ?? term.count
    pattern.isExact = position == 0
    let first = position
    while position < term.count {
      let current = term[position]
      var token: [Folded] = []
      switch current.kind {
      case .character:
        let follows = position > first && term[position - 1].kind == .character
        let isAttracted = position > first && attracts(term[position - 1])
        if isAttracted { pattern.tokens.append(text([head, current])) }
        token.append(current)
        position += 1
        if position == term.count {
          // What follows it in a text is left open; mostly the token before has it already.
          if follows || isAttracted { return pattern }
          pattern.isPrefix = true
        } else if term[position].kind == .character {
          token.append(term[position])
        } else if term[position].kind == .mark {
          token.append(written(term[position]))
          position += 1
        }
      case .word:
        repeat {
          token.append(term[position])
          position += 1
        } while position < term.count && term[position].kind == .word
        pattern.isPrefix = isPrefix && position == term.count
      case .mark, .sign:
        token.append(written(current))
        position += 1
      }
      pattern.tokens.append(text(token))
    }
    return pattern
  }

  /// No more bytes become of a code point: a head, itself twice, what follows it, two spaces, and what `Output` writes beyond.
  private static let mostBytes = 20
  private static let space = Folded(0x20, .mark)
  private static let head = Folded(0xB7, .mark)
  private static let lineEnd = Folded(10, .mark)

  private static func text(_ token: [Folded]) -> String {
    withUnsafeTemporaryAllocation(byteCount: token.count * 4 + 4, alignment: 1) { buffer in
      var output = Output(buffer)
      for one in token { output.append(one) }
      return String(decoding: output.written, as: UTF8.self)
    }
  }

  /// Whether a character right behind it has a token of its own.
  private static func attracts(_ folded: Folded) -> Bool { folded.kind == .word || folded.kind == .sign }

  /// How a mark is written.
  private static func written(_ mark: Folded) -> Folded {
    switch mark.value {
    case 0x20: Folded(0x3000, .mark)
    case 0x21...0x7E: Folded(mark.value + 0xFEE0, .mark)
    case ..<0x1A: Folded(mark.value + 0xFF21, .mark)
    case ..<0x20: Folded(mark.value - 0x1A + 0xFF41, .mark)
    case 0x7F: Folded(0xFF5A, .mark)
    default: mark
    }
  }
}

/// Where tokens are written, with room for all of them and four bytes more.
private struct Output {
  private let start: UnsafeMutableRawBufferPointer
  private var count = 0

  init(_ start: UnsafeMutableRawBufferPointer) { self.start = start }

  var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: start[..<count]) }

  /// Appends a code point as UTF-8.
  @inline(__always)
  mutating func append(_ folded: Folding.Folded) {
    let value = folded.value
    // The first byte lowest; four are always written, and what is too much is written over by the next.
    let (bytes, length): (UInt32, Int) =
      switch value {
      case 0x800..<0x1_0000:
        (0x80_80E0 | value >> 12 | (value >> 6 & 0x3F) << 8 | (value & 0x3F) << 16, 3)
      case ..<0x80: (value, 1)
      case ..<0x800: (0x80C0 | value >> 6 | (value & 0x3F) << 8, 2)
      default:
        (
          0x8080_80F0 | value >> 18 | (value >> 12 & 0x3F) << 8 | (value >> 6 & 0x3F) << 16 | (value & 0x3F) << 24, 4
        )
      }
    start.storeBytes(of: bytes.littleEndian, toByteOffset: count, as: UInt32.self)
    count &+= length
  }
}
