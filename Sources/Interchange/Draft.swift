import Corpus

/// A page while it is read: every paragraph is body until something says what else it is.
struct Draft {
  var page: Page
  /// What a paragraph is when it is not body: the kind under which it will stand in `removed`.
  var kinds: [String?]
  /// The speech as far as it is known.
  var speech = Speech()
  /// Keys of the titles seen, by which repetitions are known.
  var titleKeys: Set<Scalars> = []
  /// Occasion and genre candidates in order of belief, with the lines they came from.
  var titles: [(title: Title, evidence: Evidence)] = []
  /// Whether the page reports on a speech, and so has no outline.
  var isNews = false
  /// How the text was put together, for whoever asks why.
  var build: Build?
  /// Parts of paragraphs that were cut off.
  var cut: [RemovedLine] = []

  init(_ page: Page) {
    self.page = page
    kinds = Array(repeating: nil, count: page.paragraphs.count)
    speech.warnings = page.warnings
  }

  var count: Int { page.paragraphs.count }

  /// Marks a paragraph as no part of the text.
  mutating func remove(_ index: Int, _ kind: String) { if kinds[index] == nil { kinds[index] = kind } }

  /// Splits a paragraph at `place`, which is between its ends.
  mutating func split(_ index: Int, at place: Int) {
    let paragraph = page.paragraphs[index]
    let (head, tail) = (paragraph.part(0..<place), paragraph.part(place..<paragraph.count))
    guard head.count > 0, tail.count > 0 else { return }
    page.paragraphs.replaceSubrange(index...index, with: [head, tail])
    kinds.insert(kinds[index], at: index)
  }

  /// Notes why a field has its value.
  mutating func infer(_ field: String, _ confidence: Double, _ evidence: Evidence...) {
    speech.inferred[field] = Inference(confidence: confidence, evidence: evidence)
  }

  /// Adds a warning once.
  mutating func warn(_ code: String) {
    if !speech.warnings.contains(code) { speech.warnings.append(code) }
  }

  /// Takes what an information line says, where nothing was known.
  mutating func take(_ line: InfoLine, from paragraph: Paragraph, followedBy next: Int?) -> Bool {
    var usedNext = false
    if let date = line.date, speech.published == nil {
      speech.published = date.date
      infer("published", 0.95, paragraph.evidence(date.range))
    }
    for (subject, range) in line.values {
      var value = paragraph.text[range].string
      var evidence = paragraph.evidence(range)
      // 来源： / 四川日报 on two lines
      if range.isEmpty, subject != .ignored, let next, kinds[next] == nil, page.paragraphs[next].count <= 30 {
        value = page.paragraphs[next].text.string
        evidence = page.paragraphs[next].evidence()
        usedNext = true
      }
      guard !value.isEmpty else { continue }
      switch subject {
      case .published:
        if let found = DateReading.first(in: Shadow.fold(value.scalars)), speech.published == nil {
          speech.published = found.date
          infer("published", 0.95, evidence)
        }
      case .source: if speech.provenance.name == nil { speech.provenance.name = value }
      case .site: if speech.provenance.site == nil { speech.provenance.site = value }
      case .author: if speech.provenance.author == nil { speech.provenance.author = value }
      case .editor: if speech.provenance.editor == nil { speech.provenance.editor = value }
      case .url: if speech.provenance.url == nil { speech.provenance.url = value }
      case .disclaimer: if speech.provenance.disclaimer == nil { speech.provenance.disclaimer = value }
      case .originalTitle, .ignored: break
      }
    }
    return usedNext
  }

  /// Remembers a title line, so that its repetitions are known.
  mutating func remember(_ title: Title) {
    let key = Title.key(title.text)
    if key.count >= 4 { titleKeys.insert(key) }
  }

  /// Whether a line repeats a title of the page.
  func repeatsTitle(_ paragraph: Paragraph) -> Bool {
    guard (4...90).contains(paragraph.count), !titleKeys.isEmpty else { return false }
    // Reading a title costs; most lines do not even hold the title's words.
    let words = paragraph.shadow.filter { $0.isHan || $0.isDigit || $0.isLatin }
    guard titleKeys.contains(where: { words.find($0) != nil }) else { return false }
    return titleKeys.contains(Title.key(paragraph.text))
  }
}
