extension DocumentReader {
  /// Reads a text as `read` does and says what each line was taken for; one explanation for every speech on the page.
  public func explain(_ document: RawDocument) -> Result<[Explanation], Refusal> {
    let declared = document.mediaType.map(MediaType.init)
    let type = declared?.name ?? document.fileName.flatMap(Self.mediaType) ?? MediaType.guess(document.bytes)
    let isHTML = Self.isHTML(type)
    guard isHTML || type == "text/plain" || type == "text/markdown" else {
      return .failure(
        Refusal(
          code: "unsupported_media_type",
          reason: "Only plain text, Markdown and HTML are read line by line; this is \(type)."))
    }
    // What `read` would not read has no lines to explain.
    if case .refused(let refusal)? = read(document).first { return .failure(refusal) }
    return pages(of: document, type: type, charset: declared?.charset).map { text, pages in
      pages.map { Explanation($0, source: isHTML ? [] : text.scalars) }
    }
  }
}
