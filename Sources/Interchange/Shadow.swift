import Corpus

/// The folded shadow of a text (R1, §1): one code point for one, so that a place in the shadow is a place in the text.
///
/// Pages mix full and half width (`：` and `:`, `（一）` and `(一)`, `５０` and `50`), some are normalised throughout and
/// some not at all. Everything the parser looks for it looks for here; what it keeps it takes from the original.
enum Shadow {
  /// The folded text, as long as the original.
  static func fold(_ text: Scalars) -> Scalars { text.map(fold) }

  /// The one code point that stands for this one.
  static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let value = scalar.value
    if value < 0xA0 { return value == 9 ? " " : scalar }
    switch value {
    case 0xFF01...0xFF5E: return Unicode.Scalar(value - 0xFEE0) ?? scalar
    case 0x3000, 0xA0, 0xAD, 0x1680, 0x2000...0x200F, 0x202F, 0x205F, 0x2060, 0xFEFF: return " "
    case 0x2012...0x2015, 0x2500, 0x2501: return "—"
    case 0x2022, 0x2027, 0x30FB, 0xFF65: return "·"
    case 0xFE50: return ","
    case 0xFE54: return ";"
    case 0xFE55: return ":"
    case 0xFE56: return "?"
    case 0xFE57: return "!"
    case 0xFE59, 0xFE35: return "("
    case 0xFE5A, 0xFE36: return ")"
    case 0xFE63, 0x2010, 0x2011, 0x2212: return "-"
    default: return scalar
    }
  }
}
