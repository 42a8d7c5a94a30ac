import CLibXML2
import Corpus
import Glibc

/// A block of an HTML page: one paragraph, heading, list item or cell.
struct HTMLBlock {
  var paragraph: Paragraph
  /// Numbers of the elements that contain it, from the outermost.
  var parent: Int
  /// Code points that stand in links.
  var linked: Int
  /// Address of its link, where all of it is one.
  var link: String?
  /// Whether it stands in navigation, a footer or the like.
  var isBoilerplate: Bool
}

/// An HTML page walked once: its blocks and what its head says. No recursion: a page may be nested as deep as it likes.
struct HTMLTree {
  var blocks: [HTMLBlock] = []
  /// Parent of each element by number.
  var parents: [Int] = []
  var title: String?
  var metas: [String: String] = [:]
  var canonical: String?
  var times: [String] = []
  var hasBody = false

  private var text: Scalars = []
  /// Where each character of `text` stands in the source, -1 where that is not known.
  private var places: [Int] = []
  private var stretches: HTMLPlaces
  private var linked = 0
  private var bold = 0
  private var link: String?
  private var heading: Int?

  private static let skipped: Set<String> = [
    "script", "style", "noscript", "template", "iframe", "svg", "select", "button", "form", "object",
    "canvas", "video", "audio", "textarea",
    "applet", "map", "input",
  ]
  private static let blocks: Set<String> = [
    "p", "div", "section", "article", "main", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl",
    "dt", "dd", "table", "tbody", "tr",
    "td", "th", "blockquote", "pre", "header", "footer", "nav", "aside", "figure", "figcaption", "center",
    "hr", "body", "address", "fieldset",
  ]
  private static let boilerplate: Set<String> = ["nav", "footer", "aside", "figcaption"]
  private static let boilerplateWords = [
    "nav", "menu", "breadcrumb", "crumb", "footer", "foot", "sidebar", "related", "recommend", "share",
    "comment", "advert", "copyright",
    "toolbar", "pager", "pagination", "hotlist", "rank", "banner", "login", "search", "tags", "sitemap",
    "friendlink",
  ]

  /// Parses and walks a page; nil where libxml2 makes nothing of it.
  init?(_ html: Scalars) {
    stretches = HTMLPlaces(html)
    let options = Int32(
      HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
        | HTML_PARSE_NONET.rawValue)
    var bytes = Array(html.string.utf8)
    bytes.removeAll { $0 == 0 }
    let document = bytes.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) {
        htmlReadMemory($0.baseAddress, Int32($0.count), nil, "UTF-8", options)
      }
    }
    guard let document else { return nil }
    defer { xmlFreeDoc(document) }
    guard let root = xmlDocGetRootElement(document) else { return nil }
    walk(root)
  }

  private struct Frame {
    var node: xmlNodePtr
    var next: xmlNodePtr?
    var name: String
    var number: Int
    var isBoilerplate: Bool
    var isLink: Bool
    var isBold: Bool
    /// Whether nothing of it is text of the page.
    var isSkipped = false
  }

  private mutating func walk(_ root: xmlNodePtr) {
    var stack: [Frame] = []
    enter(root, &stack, boilerplate: false)
    while let top = stack.last {
      guard let node = top.next else {
        leave(top)
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].next = node.pointee.next
      switch node.pointee.type {
      case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
        if let content = node.pointee.content { add(content, top) }
      case XML_ELEMENT_NODE: enter(node, &stack, boilerplate: top.isBoilerplate)
      default: break
      }
    }
  }

  private mutating func enter(_ node: xmlNodePtr, _ stack: inout [Frame], boilerplate: Bool) {
    let name = String(cString: node.pointee.name).lowercased()
    func skip() {
      stack.append(
        Frame(
          node: node, next: node.pointee.children, name: "", number: stack.last?.number ?? -1, isBoilerplate: true,
          isLink: false, isBold: false, isSkipped: true))
    }
    if stack.last?.isSkipped == true { return skip() }
    if name == "meta" { readMeta(node) }
    if name == "link", attribute(node, "rel")?.lowercased() == "canonical" {
      canonical = attribute(node, "href")
    }
    if name == "title", title == nil, let content = xmlNodeGetContent(node) {
      title = String(cString: content).split(whereSeparator: \.isWhitespace).joined(separator: " ")
      free(content)
      return skip()
    }
    if name == "time", let stamp = attribute(node, "datetime") { times.append(stamp) }
    if Self.skipped.contains(name) || name == "title" || isHidden(node) { return skip() }
    if name == "br" || name == "hr" {
      flush(stack.last)
      return
    }
    if name == "body" { hasBody = true }
    if Self.blocks.contains(name) { flush(stack.last) }
    let number = parents.count
    parents.append(stack.last?.number ?? -1)
    let isBold = name == "b" || name == "strong"
    if isBold { bold += 1 }
    if name.count == 2, name.first == "h", let level = name.last?.wholeNumberValue, (1...6).contains(level) {
      heading = level
    }
    if name == "a" { link = attribute(node, "href") }
    stack.append(
      Frame(
        node: node, next: node.pointee.children, name: name, number: number,
        isBoilerplate: boilerplate || Self.boilerplate.contains(name)
          || name != "body" && name != "html" && hasBoilerplateName(node),
        isLink: name == "a" || stack.last?.isLink == true, isBold: isBold))
  }

  private mutating func leave(_ frame: Frame) {
    if Self.blocks.contains(frame.name) { flush(frame) }
    if frame.isBold { bold -= 1 }
    if frame.name.count == 2, frame.name.first == "h", frame.name != "hr" { heading = nil }
  }

  private var boldCount = 0

  private mutating func add(_ content: UnsafeMutablePointer<xmlChar>, _ frame: Frame) {
    let isPreformatted = frame.name == "pre"
    let content = String(cString: content).scalars
    let found = stretches.places(of: content)
    if frame.isSkipped { return }
    for (index, scalar) in content.enumerated() {
      if isPreformatted, scalar == "\n" {
        flush(frame)
        continue
      }
      // HTML's own white space collapses; the ideographic space is the author's.
      let isSpace = scalar.value <= 32
      if isSpace {
        guard let last = text.last, last != " " else { continue }
        text.append(" ")
        places.append(-1)
      } else {
        text.append(scalar)
        places.append(found?[index] ?? -1)
        if frame.isLink { linked += 1 }
        if bold > 0 { boldCount += 1 }
      }
    }
  }

  private mutating func flush(_ frame: Frame?) {
    defer { (text, places, linked, boldCount, link) = ([], [], 0, 0, nil) }
    var (start, end) = (0, text.count)
    while start < end, text[start].isBlank { start += 1 }
    while end > start, text[end - 1].isBlank { end -= 1 }
    guard start < end, let frame else { return }
    let indent = text[..<start].reduce(0) { $0 + ($1 == "\u{3000}" ? 2 : 1) }
    var paragraph = Paragraph(Array(text[start..<end]), indent: indent)
    paragraph.runs = runs(places[start..<end])
    let visible = paragraph.text.count { !$0.isBlank }
    paragraph.headingLevel = heading
    paragraph.isBold = visible > 0 && boldCount >= visible
    blocks.append(
      HTMLBlock(
        paragraph: paragraph, parent: frame.number, linked: linked, link: linked >= visible ? link : nil,
        isBoilerplate: frame.isBoilerplate))
  }

  /// Pieces that stood together in the source; none where the place of either end is not known.
  private func runs(_ places: ArraySlice<Int>) -> [Paragraph.Run] {
    guard let first = places.first, let last = places.last, first >= 0, last >= 0 else { return [] }
    var runs: [Paragraph.Run] = []
    var expected = -1
    for (index, place) in places.enumerated() where place >= 0 {
      if place != expected { runs.append(Paragraph.Run(at: index, source: place)) }
      expected = place + 1
    }
    return runs
  }

  private func attribute(_ node: xmlNodePtr, _ name: String) -> String? {
    guard let value = xmlGetProp(node, name) else { return nil }
    defer { free(value) }
    return String(cString: value)
  }

  private func isHidden(_ node: xmlNodePtr) -> Bool {
    guard let style = attribute(node, "style")?.lowercased().filter({ $0 != " " }) else {
      return attribute(node, "hidden") != nil
    }
    return style.contains("display:none") || style.contains("visibility:hidden")
  }

  private func hasBoilerplateName(_ node: xmlNodePtr) -> Bool {
    for name in ["class", "id", "role"] {
      guard let value = attribute(node, name)?.lowercased() else { continue }
      for word in value.split(whereSeparator: { !$0.isLetter })
      where Self.boilerplateWords.contains(where: { word == $0 || word == $0 + "s" }) { return true }
    }
    return false
  }

  private mutating func readMeta(_ node: xmlNodePtr) {
    guard let name = attribute(node, "name") ?? attribute(node, "property") ?? attribute(node, "itemprop"),
      let content = attribute(node, "content"),
      !content.trimmed.isEmpty
    else { return }
    metas[name.lowercased()] = metas[name.lowercased()] ?? content.trimmed
  }
}
