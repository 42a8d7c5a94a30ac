import Corpus
import Testing

@testable import Interchange

/// What the tests of this target share: a text read as a page, and what its outline looks like.
func speech(of text: String, fileName: String = "page.txt") throws -> Speech {
  try reading(of: Array(text.utf8), fileName: fileName).speech
}

func reading(of bytes: [UInt8], mediaType: String? = nil, fileName: String = "page.txt") throws
  -> Corpus.Reading
{
  let document = RawDocument(bytes: bytes, mediaType: mediaType, fileName: fileName)
  let outcome = try #require(DocumentReader().read(document).first)
  guard case .read(let reading) = outcome else { throw Unread(outcome: outcome) }
  #expect(reading.speech.violations == [])
  return reading
}

func refusal(of bytes: [UInt8], mediaType: String? = nil, fileName: String? = nil) throws -> Refusal {
  let outcome = try #require(
    DocumentReader().read(RawDocument(bytes: bytes, mediaType: mediaType, fileName: fileName)).first)
  guard case .refused(let refusal) = outcome else { throw Unread(outcome: outcome) }
  return refusal
}

struct Unread: Error { var outcome: Outcome }

/// `salutation opening 一、(（一） （二）) closing`
func shape(_ sections: [Section]) -> String {
  sections.map { section in
    let name = section.label ?? section.kind.rawValue
    return section.children.isEmpty ? name : "\(name)(\(shape(section.children)))"
  }.joined(separator: " ")
}

/// Words enough for a paragraph that nobody takes for a heading.
func filler(_ subject: String) -> String {
  subject + "方面，大家做了许多扎实细致的工作，也遇到了不少困难和问题。下一步要把每件事情落到具体的人和具体的时间上，"
    + "做到有安排、有检查、有结果，让群众看得见变化、得到实惠。"
}
