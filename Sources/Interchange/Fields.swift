import Corpus

/// What the head, the container and the text together say of a speech: occasion, genre, speaker, level, dates.
enum Fields {
  /// Takes what stood around the text.
  static func takeHints(_ draft: inout Draft) {
    let hints = draft.page.hints
    draft.speech.provenance.url = hints.url
    draft.speech.provenance.site = hints.site
    draft.speech.provenance.author = hints.author
    draft.speech.relatedLinks = hints.links
    draft.speech.metadata = hints.metadata
    if let published = hints.published {
      draft.speech.published = published
      draft.infer("published", 0.9, Evidence(text: published.value))
    }
    if let source = hints.source { draft.speech.provenance.name = source }
  }

  /// Fills what is still unknown.
  static func complete(_ draft: inout Draft, body: [Paragraph]) {
    for (title, evidence) in draft.titles {
      if draft.speech.genre == nil, let genre = title.genre {
        draft.speech.genre = genre
        draft.infer("genre", 0.9, evidence)
      }
      if draft.speech.occasion == nil, let occasion = title.occasion {
        draft.speech.occasion = occasion
        draft.infer("occasion", 0.9, evidence)
      }
      if let speaker = title.speaker {
        if draft.speech.speaker.name == nil, let name = speaker.name {
          draft.speech.speaker.name = name
          draft.infer("speaker.name", 0.8, evidence)
        }
        if draft.speech.speaker.role == nil, let role = speaker.role {
          draft.speech.speaker.role = role
          draft.infer("speaker.role", 0.8, evidence)
        }
      }
    }
    readSubtitleOccasion(&draft)
    readGenre(&draft, body: body)
    readTitleYear(&draft)
    readDocumentDate(&draft, body: body)
    readLevel(&draft, body: body)
    readKind(&draft, body: body)
  }

  /// 2019年1月15日在临溪县第十七届人民代表大会第三次会议上 is an occasion without a genre.
  private static func readSubtitleOccasion(_ draft: inout Draft) {
    guard draft.speech.occasion == nil, let subtitle = draft.speech.subtitle?.scalars else { return }
    let shadow = Shadow.fold(subtitle)
    guard let found = DateReading.read(shadow, at: 0), shadow.has(["在"], at: found.end) else { return }
    var end = shadow.count
    if shadow.ends(with: "上") { end -= 1 }
    guard end > found.end + 4 else { return }
    draft.speech.occasion = subtitle[(found.end + 1)..<end].string
    draft.infer(
      "occasion", 0.9, draft.speech.inferred["subtitle"]?.evidence.first ?? Evidence(text: subtitle.string))
  }

  private static func readGenre(_ draft: inout Draft, body: [Paragraph]) {
    let titles = draft.titles.map(\.title)
    if let report = titles.first(where: { $0.clean.contains(word: "政府工作报告") }),
      !report.clean.contains(word: "决议")
    {
      draft.speech.genre = "政府工作报告"
    }
    guard draft.speech.genre == nil else { return }
    for (title, evidence) in draft.titles {
      let shadow = Shadow.fold(title.clean)
      if let length = Title.documents.match(shadow, endingAt: shadow.count) {
        draft.speech.genre = title.clean.suffix(length).string
        draft.infer("genre", 0.9, evidence)
        draft.warn("not_a_speech")
        return
      }
    }
    for (title, evidence) in draft.titles {
      for word in ["回信", "贺信", "贺电", "贺词", "慰问信"] where title.clean.contains(word: word) {
        draft.speech.genre = word
        draft.infer("genre", 0.6, evidence)
        return
      }
    }
    // 现在，我代表…向大会作报告
    for paragraph in body.prefix(4) {
      let text = paragraph.shadow
      guard let mandate = text.find("代表".scalars), mandate < 80,
        let word = text.find("报告".scalars, from: mandate), word - mandate < 60,
        text[mandate..<word].contains("作") || text[mandate..<word].contains("向")
      else { continue }
      draft.speech.genre = "报告"
      draft.infer("genre", 0.5, paragraph.evidence(mandate..<word + 2))
      return
    }
  }

  /// 2025年…政府工作报告: the year of the report is the year of its delivery.
  private static func readTitleYear(_ draft: inout Draft) {
    guard draft.speech.delivered == nil, draft.speech.genre == "政府工作报告" else { return }
    for (title, evidence) in draft.titles {
      if let found = DateReading.read(Shadow.fold(title.text), at: 0), found.date.precision == .year {
        draft.speech.delivered = found.date
        draft.infer("delivered", 0.6, evidence)
        return
      }
    }
  }

  /// Official documents are dated under their signature, which may stand before an attached text.
  private static func readDocumentDate(_ draft: inout Draft, body: [Paragraph]) {
    guard draft.speech.delivered == nil, draft.speech.warnings.contains("not_a_speech") else { return }
    for paragraph in body.prefix(30) where paragraph.count <= 16 {
      guard let found = DateReading.read(paragraph.shadow, at: 0), found.end == paragraph.count,
        found.date.precision == .day
      else { continue }
      draft.speech.delivered = found.date
      draft.infer("delivered", 0.8, paragraph.evidence())
      return
    }
  }

  private static func readLevel(_ draft: inout Draft, body: [Paragraph]) {
    let speaker = draft.speech.speaker
    if let role = speaker.role {
      draft.speech.speaker.organisation = LevelReading.organisation(ofRole: role)
      if let level = LevelReading.level(ofRole: role) {
        set(level, 0.85, draft.speech.inferred["speaker.role"]?.evidence ?? [], &draft)
      }
    }
    if draft.speech.speaker.level == nil || draft.speech.speaker.level == .provincial && speaker.role == "主席",
      let name = speaker.name,
      SpeakerLine.nationalLeaders.contains(name)
    {
      set(.central, 0.7, draft.speech.inferred["speaker.name"]?.evidence ?? [], &draft)
    }
    if draft.speech.speaker.level == nil {
      for paragraph in body.prefix(5) {
        guard let (level, range) = LevelReading.level(ofMandate: paragraph.shadow) else { continue }
        set(level, 0.6, [paragraph.evidence(range)], &draft)
        break
      }
    }
    if draft.speech.speaker.level == nil,
      let (title, evidence) = draft.titles.first(where: { $0.title.clean.contains(word: "中华人民共和国国务院") })
    {
      _ = title
      set(.central, 0.7, [evidence], &draft)
    }
    if let level = draft.speech.speaker.level, let occasion = draft.speech.occasion,
      let suggested = LevelReading.level(ofOccasion: occasion),
      suggested != level, draft.speech.speaker.role != nil
    {
      let evidence = draft.speech.inferred["occasion"]?.evidence.first
      draft.speech.inferred["speaker.level"]?.conflicts.append(
        Conflict(
          reason:
            "The occasion “\(occasion)” suggests the level \(suggested.rawValue), the role the level \(level.rawValue); "
            + "the role is believed.", evidence: evidence))
      draft.speech.inferred["speaker.level"]?.confidence = 0.6
    }
  }

  private static func set(_ level: Level, _ confidence: Double, _ evidence: [Evidence], _ draft: inout Draft) {
    draft.speech.speaker.level = level
    draft.speech.inferred["speaker.level"] = Inference(confidence: confidence, evidence: evidence)
  }

  private static let reporting = WordList(["指出,", "强调,", "表示,", "说,", "要求,", "在讲话中", "主持会议", "在贺信中", "在致辞中"])

  /// News about a speech is no speech (R6): 本报讯, or one paragraph after another in which someone 指出, 强调, 表示.
  private static func readKind(_ draft: inout Draft, body: [Paragraph]) {
    guard let first = body.first else { return }
    let isReport =
      first.shadow.begins(with: "本报讯") || Dateline.length(first.shadow) != nil
      || reporting.first(in: first.shadow, to: 16) != nil && !first.shadow.prefix(20).contains("我")
    let telling = body.count { reporting.first(in: $0.shadow, to: 16) != nil }
    guard isReport || telling >= 2 && telling * 4 >= body.count else { return }
    if !isReport, telling * 10 < body.count * 4, draft.speech.genre != nil { return }
    draft.warn("not_a_speech")
    draft.isNews = true
    if draft.speech.genre == nil || isReport || telling * 2 >= body.count {
      draft.speech.genre = "新闻报道"
      draft.infer("genre", 0.7, first.evidence(0..<min(first.count, 40)))
    }
  }
}
