extension DocumentReader {
  /// Reads a text as `read` does and says what each line was taken for; one explanation for every speech on the page.
  public func explain(_ document: RawDocument) -> Result<[Explanation], Refusal> {
    let declared = document.mediaType.map(MediaType.init)
    let type = declared?.name ?? document.fileName.flatMap(Self.mediaType) ?? MediaType.guess(document.bytes)
    let isHTML = type == "text/html" || type == "application/xhtml+xml"
    guard isHTML || type == "text/plain" || type == "text/markdown" else {
      return .failure(
        Refusal(
          code: "unsupported_media_type",
          reason: "Only plain text, Markdown and HTML are read line by line; this is \(type)."))
    }
    // What `read` would not read has no lines to explain.
    if case .refused(let refusal)? = read(document).first { return .failure(refusal) }
    let charset = declared?.charset ?? (isHTML ? HTMLPage.declaredCharset(document.bytes) : nil)
    return Decoding.decode(document.bytes, declared: charset).flatMap { text in
      page(of: text, isHTML: isHTML, type: type).map { page in
        var page = page
        if text.isGuessed { page.warnings.append("encoding_guessed") }
        if let sidecar = document.sidecar { Sidecar.read(sidecar, into: &page) }
        let source = isHTML ? [] : text.scalars
        return SeveralSpeeches.split(page).map { Explanation($0, source: source) }
      }
    }
  }

  private func page(of text: DecodedText, isHTML: Bool, type: String) -> Result<Page, Refusal> {
    if isHTML { return HTMLPage.read(text.string) }
    let isMarkdown = type == "text/markdown" || MarkdownPage.isLikely(text.scalars)
    return .success(isMarkdown ? MarkdownPage.read(text.scalars) : Paragraphs.split(text.scalars))
  }
}
