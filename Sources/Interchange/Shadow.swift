import Corpus

/// The folded shadow of a text (R1, §1): one code point for one, so that a place in the shadow is a place in the text.
///
/// Pages mix full and half width (`：` and `:`, `（一）` and `(一)`, `５０` and `50`), some are normalised throughout and
/// some not at all. Everything the parser looks for it looks for here; what it keeps it takes from the original.
enum Shadow {
  /// The folded text, as long as the original.
  static func fold(_ text: Scalars) -> Scalars {
    let table = simplified
    return text.map { fold($0, table) }
  }

  /// The one code point that stands for this one.
  private static func fold(_ scalar: Unicode.Scalar, _ simplified: [Unicode.Scalar]) -> Unicode.Scalar {
    let value = scalar.value
    if value < 0xA0 { return value == 9 ? " " : scalar }
    if value >= 0x4E00, value < 0xA000 { return simplified[Int(value - 0x4E00)] }
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

  /// The ideographs from U+4E00 to U+9FFF; those of the pairs below stand as their simplified form.
  private static let simplified: [Unicode.Scalar] = {
    var table = (0x4E00..<0xA000).compactMap { Unicode.Scalar($0 as Int) }
    var letters = pairs.unicodeScalars.makeIterator()
    while let written = letters.next(), let folded = letters.next() { table[Int(written.value) - 0x4E00] = folded }
    return table
  }()

  /// Letters of the words that heads, salutations, labels and closings are known by, the traditional form first.
  private static let pairs =
    "長长鄉乡鎮镇縣县區区員员會会議议總总統统記记書书黨党務务國国講讲話话談谈說说報报詞词辭辞開开閉闭歡欢賀贺獻献謝谢問问電电廳厅處处"
    + "團团組组隊队館馆園园學学經经業业協协聯联師师執执發发動动時时啟启畢毕論论壇坛儀仪慶庆禮礼節节體体屆届與与於于們们來来賓宾領领導导"
    + "專专蘇苏親亲愛爱諸诸貴贵讓让聲声點点條条個个項项後后結结語语註注釋释錄录歷历圖图辦办廠厂監监視视辯辩競竞選选職职軍军將将農农車车"
    + "產产醫医術术藝艺傳传這这爲为為为現现盡尽緊紧張张週周間间號号實实際际鐘钟種种歲岁榮荣譽誉頒颁獎奖訊讯編编輯辑責责聞闻網网關关閱阅"
    + "讀读載载"
}
