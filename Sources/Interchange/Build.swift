import Corpus

/// How a text was put together: what `rostrum parse --explain` needs to know besides the speech itself.
struct Build: Sendable {
  /// The paragraphs of the text.
  var body: [Paragraph]
  /// Where each begins in the text.
  var starts: [Int]
  /// Labels that were weighed, and those that became sections.
  var outline: Outline
}
