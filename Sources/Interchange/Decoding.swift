import Corpus
import Glibc

/// Bytes become text (R1): byte-order mark, then strict UTF-8, then GB18030.
struct DecodedText: Sendable {
  /// The code points without byte-order mark; line ends as they were.
  var scalars: Scalars
  /// `UTF-8`, `UTF-16LE`, `UTF-16BE`, `GB18030` or `windows-1252`.
  var encoding: String
  /// Whether nothing but the bytes themselves spoke for the encoding.
  var isGuessed = false

  /// The text as a string.
  var string: String { scalars.string }
}

enum Decoding {
  /// Decodes a document whose encoding may be declared by its container.
  static func decode(_ bytes: [UInt8], declared: String? = nil) -> Result<DecodedText, Refusal> {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      return utf8(bytes[3...]).map { .success($0) } ?? invalid("UTF-8 (it begins with its byte-order mark)")
    }
    if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes, "UTF-16LE") }
    if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes, "UTF-16BE") }
    if let fault = Binary.fault(of: bytes) { return .failure(fault) }
    if let text = utf8(bytes[...]) { return .success(text) }
    // A page may declare another charset; of those only the Chinese national ones are read. All of them are
    // subsets of GB18030, and pages that say gb2312 usually hold GBK.
    if let declared, !isChinese(declared) {
      return .failure(
        Refusal(
          code: "invalid_encoding",
          reason: "The document declares the encoding “\(declared)”, and its bytes are not UTF-8; "
            + "UTF-8, UTF-16 and GB18030 are read."))
    }
    guard let text = converted(bytes, from: "GB18030"), isPlausible(text) else {
      return invalid("UTF-8, UTF-16 with a byte-order mark or GB18030")
    }
    // A few high bytes in Latin text are the quotation marks of Windows, not Chinese.
    if declared == nil, isLatin(text), let western = converted(bytes, from: "WINDOWS-1252") {
      return .success(DecodedText(scalars: western, encoding: "windows-1252", isGuessed: true))
    }
    return .success(DecodedText(scalars: text, encoding: "GB18030", isGuessed: declared == nil))
  }

  private static func invalid(_ expected: String) -> Result<DecodedText, Refusal> {
    .failure(Refusal(code: "invalid_encoding", reason: "The bytes of the document are not \(expected)."))
  }

  private static func isChinese(_ charset: String) -> Bool {
    ["gb2312", "gbk", "gb18030", "cp936", "x-gbk", "gb_2312-80"].contains(charset.lowercased())
  }

  private static func utf8(_ bytes: ArraySlice<UInt8>) -> DecodedText? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    return DecodedText(scalars: text.scalars, encoding: "UTF-8")
  }

  private static func utf16(_ bytes: [UInt8], _ name: String) -> Result<DecodedText, Refusal> {
    guard bytes.count % 2 == 0, let text = converted(Array(bytes[2...]), from: name) else {
      return invalid(name)
    }
    return .success(DecodedText(scalars: text, encoding: name))
  }

  /// Most code points of a Chinese text are common ideographs or ASCII; another legacy encoding read as GB18030
  /// falls mostly into rare rows and private use.
  private static func isPlausible(_ text: Scalars) -> Bool {
    var strange = 0
    for scalar in text {
      switch scalar.value {
      case 0xE000...0xF8FF, 0xFFFD, 0x80...0x9F: strange += 1
      default: break
      }
    }
    return strange * 20 <= text.count
  }

  private static func isLatin(_ text: Scalars) -> Bool {
    let letters = text.count(where: \.isLatin)
    return letters > 40 && text.count(where: \.isHan) * 30 < letters
  }

  /// Conversion by the C library's iconv, which is strict.
  private static func converted(_ bytes: [UInt8], from name: String) -> Scalars? {
    guard let converter = iconv_open("UTF-32LE", name), Int(bitPattern: converter) != -1 else { return nil }
    defer { iconv_close(converter) }
    var input = bytes.map { CChar(bitPattern: $0) }
    var output = [UInt32](repeating: 0, count: bytes.count + 4)
    let written: Int? = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBytes { output in
        var source = input.baseAddress
        var sourceLeft = input.count
        var target = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        var targetLeft = output.count
        let result = iconv(converter, &source, &sourceLeft, &target, &targetLeft)
        return result == Int.max || result == -1 || sourceLeft > 0 ? nil : (output.count - targetLeft) / 4
      }
    }
    guard let written else { return nil }
    var scalars: Scalars = []
    scalars.reserveCapacity(written)
    for value in output[..<written] {
      guard let scalar = Unicode.Scalar(value) else { return nil }
      scalars.append(scalar)
    }
    return scalars
  }
}
