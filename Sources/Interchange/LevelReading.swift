import Corpus

/// The level of a role (R8), read from the role word and its organisation.
enum LevelReading {
  private static let municipalities = ["北京", "上海", "天津", "重庆"]

  /// The level that a role as written speaks for, nil where it does not say.
  static func level(ofRole role: String) -> Level? {
    let text = Shadow.fold(role.scalars)
    func ends(_ words: String...) -> Bool { words.contains { text.ends(with: $0) } }
    func has(_ words: String...) -> Bool { words.contains { text.contains(word: $0) } }
    if ends("总统", "首相", "国王", "大使") { return .foreign }
    if ends("省长", "自治区主席") || ends("主席") && has("自治区") { return .provincial }
    if ends("市长") { return municipalities.contains { text.contains(word: $0) } ? .provincial : .prefecture }
    if ends("州长", "盟长", "专员") { return .prefecture }
    if ends("县长", "区长", "旗长") { return .county }
    if ends("镇长", "乡长", "街道办主任") { return .township }
    if ends("村长", "里长") { return .village }
    if ends("总理", "国务委员", "委员长", "总书记", "国家主席") { return .central }
    if ends("校长") || has("大学", "学校", "中学", "小学", "学院") { return .school }
    if ends("董事长", "总经理", "总裁", "董事", "经理", "厂长", "总监") || has("集团", "公司", "银行") { return .enterprise }
    if ends("会长", "理事长") || has("协会", "学会", "联合会", "商会") { return .association }
    if ends("部长") { return has("省", "市", "县", "区委") ? level(ofOrganisation: text) : .central }
    if ends("厅长") { return .provincial }
    return level(ofOrganisation: text)
  }

  /// The level that the words of an organisation name.
  static func level(ofOrganisation text: Scalars) -> Level? {
    func has(_ words: String...) -> Bool { words.contains { text.contains(word: $0) } }
    if has("村", "社区", "居委会") { return .village }
    if has("镇", "乡", "街道") { return .township }
    if has("中华人民共和国", "国务院", "中共中央", "党中央", "全国", "中央") { return .central }
    if has("县", "旗", "区委", "区政府", "区人民政府", "区人大", "区政协") { return .county }
    if has("省", "自治区") { return .provincial }
    if has("市") { return municipalities.contains { text.contains(word: $0) } ? .provincial : .prefecture }
    if has("州", "盟", "地区") { return .prefecture }
    if text.begins(with: "国家") { return .central }
    if let last = text.last, last == "区" { return .county }
    return nil
  }

  /// The organisation that a role names: 海拉尔区人民政府区长 gives 海拉尔区人民政府.
  static func organisation(ofRole role: String) -> String? {
    let text = Shadow.fold(role.scalars)
    guard let word = SpeakerLine.roles.match(text, endingAt: text.count), word < text.count else {
      return nil
    }
    var organisation = Array(role.scalars.dropLast(word))
    for suffix in ["副", "代", "常务副", "常务", "代理"] where organisation.ends(with: suffix) {
      organisation.removeLast(suffix.unicodeScalars.count)
    }
    return organisation.count >= 2 ? organisation.string : nil
  }

  /// The level of the government in whose name the text reports: 我代表省人民政府.
  static func level(ofMandate text: Scalars) -> (level: Level, range: Range<Int>)? {
    guard let mandate = text.find("代表".scalars) else { return nil }
    let end = min(text.count, mandate + 24)
    let passage = Array(text[mandate..<end].prefix { $0 != "," && $0 != "向" && $0 != "。" })
    guard passage.contains(word: "政府") || passage.contains(word: "国务院") || passage.contains(word: "委员会")
    else { return nil }
    guard let level = level(ofOrganisation: passage) else { return nil }
    return (level, mandate..<mandate + passage.count)
  }

  /// A level that the name of a meeting suggests: 全市…会议.
  static func level(ofOccasion occasion: String) -> Level? {
    let text = Shadow.fold(occasion.scalars)
    for (word, level) in [
      ("全国", Level.central), ("全省", .provincial), ("全区", .county), ("全市", .prefecture), ("全州", .prefecture),
      ("全县", .county), ("全旗", .county), ("全镇", .township), ("全乡", .township), ("全校", .school),
      ("全村", .village),
    ] where text.begins(with: word) {
      return level
    }
    return nil
  }
}
