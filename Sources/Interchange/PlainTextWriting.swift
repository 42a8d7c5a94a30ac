public import Corpus

extension Speech {
  /// The speech as plain text: title, subtitle, date and speaker, an empty line, the text.
  public var plainText: String {
    let head = [title, subtitle.map { "——" + $0 }, delivered?.value, speakerLine].compactMap { $0 }
    return (head.isEmpty ? "" : head.joined(separator: "\n") + "\n\n") + text + "\n"
  }

  /// Role and name, as far as they are known.
  var speakerLine: String? {
    let parts = [speaker.role, speaker.name].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }
}
