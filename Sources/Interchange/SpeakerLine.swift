import Corpus

/// Who speaks (R7): lines of role and name, and the same run together at the beginning of a title.
enum SpeakerLine {
  /// Words that end a role.
  static let roles = WordList([
    "国家主席", "主席", "副主席", "总书记", "书记", "副书记", "第一书记", "总理", "副总理", "国务委员", "委员长", "副委员长",
    "部长", "副部长", "省长", "副省长", "代省长", "市长", "副市长", "代市长", "区长", "副区长", "代区长", "县长", "副县长",
    "代县长", "州长", "副州长", "盟长", "旗长", "镇长", "副镇长", "乡长", "副乡长", "村长", "街道办主任", "主任", "副主任",
    "厅长", "副厅长", "局长", "副局长", "处长", "科长", "司长", "院长", "副院长", "校长", "副校长", "会长", "副会长",
    "理事长", "秘书长", "董事长", "总经理", "总裁", "行长", "检察长", "司令员", "政委", "总统", "首相", "国王", "大使",
    "署长", "社长", "台长", "所长", "馆长", "园长", "站长", "队长", "团长", "组长", "政协主席", "人大主任", "专员", "总干事",
    "常委", "教授", "党委书记", "县委书记", "市委书记", "省委书记", "区委书记", "纪委书记", "支部书记", "负责人", "代表",
    "领导", "班长", "学生会主席", "董事", "经理", "总监", "厂长", "特首", "行政长官", "议长", "副议长", "议员", "里长", "立法委员",
    "教务长", "学务长", "总务长", "执行长",
  ])
  private static let surnames = Set(
    """
    赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳\
    酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞\
    熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单\
    杭洪包诸左石崔吉龚程嵇邢裴陆荣翁荀羊甄曲封储靳段富巫乌焦巴弓牧隗山谷车侯宓蓬全班仰秋仲伊宫宁仇栾暴甘厉祖武符刘景詹束龙叶\
    幸司韶黎薄印宿白怀蒲台从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍桑桂牛寿通边扈燕冀浦尚农温别庄晏\
    柴瞿阎连茹习艾容向古易廖庾终暨居衡步都耿满弘匡国文寇广禄东欧沃利蔚越隆师巩聂晁勾敖融冷訾辛阚那简饶空曾沙养鞠须丰巢关相查\
    后荆红游竺权逯盖益桓公付肖涂仝代苟佟原信布萨嘎陳劉張趙吳鄭馮許孫葉馬黃楊羅謝鄧蘇賴嚴龐駱鍾
    """.unicodeScalars)

  /// Heads of state, party and government, whose office a title need not name.
  static let nationalLeaders: Set<String> = [
    "毛泽东", "刘少奇", "周恩来", "朱德", "陈独秀", "邓小平", "华国锋", "胡耀邦", "赵紫阳", "叶剑英", "李先念", "杨尚昆", "江泽民",
    "胡锦涛", "习近平", "李鹏", "朱镕基", "温家宝", "李克强", "李强", "吴邦国", "张德江", "栗战书", "赵乐际", "贾庆林", "俞正声",
    "汪洋", "王沪宁", "万里", "乔石", "李瑞环", "叶选平", "王岐山", "陈云", "彭真", "林彪",
  ]

  /// Whether a text is a personal name: two to four Han characters with a known surname, or a name with a middle dot.
  static func isName(_ text: Scalars) -> Bool {
    let name = text.unspaced
    guard name.allSatisfy({ $0.isHan || $0 == "·" }) else { return false }
    if name.contains("·") { return (4...15).contains(name.count) && name.first != "·" }
    guard (2...4).contains(name.count), let first = name.first, surnames.contains(first) else { return false }
    return notNames.first(in: Shadow.fold(name)) == nil
  }

  private static let notNames = WordList([
    "关于", "会议", "贺信", "回信", "贺电", "贺词", "要闻", "新闻", "动态", "频道", "资讯", "专题", "讲话", "报告", "工作", "政府", "同志",
    "书记", "主任", "代表", "委员", "全国", "全省", "全市", "公文", "首页",
    "打印", "下载", "来源", "时间", "编辑", "管理", "通知", "意见", "决定", "国务院", "中央", "文章", "网站", "后记", "前言", "附件",
    "总结", "高度", "明确", "经济", "农业", "时代", "文化", "安全", "成绩", "万元", "和谐", "强化", "全面", "解放", "党的", "全体",
    "国家", "简介", "目录", "结束语", "相关", "能源", "金融", "水利", "关闭", "收藏", "红色", "平安", "从严", "广西", "广东", "江苏",
  ])

  /// Reads a line as role and name; nil where it is neither.
  static func read(_ line: Paragraph) -> Speaker? {
    let (text, written) = (line.shadow, line.text)
    guard text.count <= 50, !text.contains(where: { "。;:!?《》“”(),".unicodeScalars.contains($0) }) else {
      return nil
    }
    // Places, so that what is kept is as written and what is looked up is folded.
    let tokens = text.indices.split { text[$0].isBlank }
    func joined(_ tokens: ArraySlice<Range<Int>>, _ text: Scalars) -> Scalars { tokens.flatMap { text[$0] } }
    if tokens.allSatisfy({ $0.count == 1 }), (2...4).contains(tokens.count), isName(joined(tokens[...], written)) {
      return Speaker(name: joined(tokens[...], written).string)
    }
    if tokens.count == 1 { return isName(written) ? Speaker(name: written.string) : runTogether(written) }
    // 中华人民共和国主席  习近平; the name itself may be spaced: 习 近 平.
    guard
      let role = tokens.lastIndex(where: {
        let token = Array(text[$0])
        return roles.match(token, endingAt: token.count) != nil || isOffice(token)
      }),
      role + 1 < tokens.count
    else { return nil }
    let name = joined(tokens[(role + 1)...], written)
    guard isName(name) || (2...4).contains(name.count) && name.allSatisfy(\.isHan) || name.contains("·")
    else { return nil }
    return Speaker(name: name.string, role: joined(tokens[...role], written).string)
  }

  /// 广东省省长孟凡利, 杨尚昆主席, 县长.
  static func runTogether(_ text: Scalars) -> Speaker? {
    let shadow = Shadow.fold(text)
    if let length = roles.match(shadow, endingAt: text.count) {
      let before = Array(text.dropLast(length))
      if isName(before), before.count <= 3 {
        return Speaker(name: before.string, role: text.suffix(length).string)
      }
      return before.count <= 24 && before.allSatisfy({ $0.isHan || $0 == "、" })
        ? Speaker(role: text.string) : nil
    }
    guard let role = roles.last(in: shadow), role.upperBound < text.count else { return nil }
    let name = Array(text[role.upperBound...])
    guard isName(name) else { return nil }
    return Speaker(name: name.string, role: text[..<role.upperBound].string)
  }

  /// Whether a text ends as offices do whatever they are called: 护士长, 鄉長, 指导员, 总工程师.
  private static func isOffice(_ text: Scalars) -> Bool {
    guard text.count >= 3, let last = text.last, text.allSatisfy(\.isHan) else { return false }
    return "长長员員任师師记記".unicodeScalars.contains(last)
  }

  private static let sentenceOpeners = WordList([
    "今天", "今年", "这次", "党的", "我", "现在", "首先", "刚才", "受", "在", "各", "最近", "改革", "当前", "同志", "大家", "围绕",
    "召开", "中国", "自", "为", "经", "过去", "新", "去年", "这", "第", "很高兴", "一", "人民", "全", "马克思", "推进", "深入", "坚持",
  ])

  /// In a text without line breaks: the end of a name that stands at `start` before the first sentence.
  static func leadingName(_ text: Scalars, from start: Int) -> Int? {
    var begin = start
    // A role may stand before it, set off by white space.
    let head = Array(text[start..<min(text.count, start + 40)])
    if let role = roles.first(in: head), role.upperBound < head.count, head[role.upperBound].isBlank {
      begin = start + role.upperBound + 1
    }
    while begin < text.count, text[begin].isBlank { begin += 1 }
    for length in [3, 2] where begin + length < text.count {
      let name = Array(text[begin..<begin + length])
      guard isName(name) else { continue }
      if nationalLeaders.contains(name.string) || sentenceOpeners.match(text, at: begin + length) != nil
        || text[begin + length].isBlank
      {
        return begin + length
      }
    }
    return nil
  }
}
