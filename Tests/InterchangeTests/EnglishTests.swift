import Corpus
import Testing

@testable import Interchange

@Suite("English")
struct EnglishTests {
  private let plain =
    "We met in the old mill and talked about the river, the road and the school until it was dark outside."

  @Test("reads title, speaker, occasion, genre, place and date of a head in capitals")
  func head() throws {
    let speech = try speech(
      of:
        "REMARKS BY MAYOR ANNA WELLS AT THE OPENING OF THE MILL\n\nLow Ferry, 3 May 2004\n\nDear friends:\n\n\(plain)\n\n\(plain)"
    )
    #expect(speech.speaker == Speaker(name: "ANNA WELLS", role: "MAYOR"))
    #expect(speech.genre == "remarks")
    #expect(speech.occasion == "THE OPENING OF THE MILL")
    #expect(speech.location == "Low Ferry")
    #expect(speech.delivered?.value == "2004-05-03")
    #expect(shape(speech.sections) == "salutation body")
  }

  @Test("reads the owner of a message, a date at the end of a title, and who takes the floor")
  func others() throws {
    let message = try speech(
      of: "PRESIDENT ANNA B. WELLS'S MESSAGE TO THE COUNCIL\n\nMay 3, 2004\n\n\(plain)\n\(plain)")
    #expect(message.speaker == Speaker(name: "ANNA B. WELLS", role: "PRESIDENT"))
    let annual = try speech(of: "Annual Address to the Council of the Ferry. May 3, 2004\n\n\(plain)\n\(plain)")
    let glued = try speech(
      of: "Address on the State of the Ferry Before Both Councils. May 3, 2004\nMr. Speaker, my friends:\n\(plain)")
    #expect(glued.delivered?.value == "2004-05-03")
    #expect(shape(glued.sections) == "salutation body")
    #expect(annual.title == "Annual Address to the Council of the Ferry.")
    #expect(annual.delivered?.value == "2004-05-03")
    let turn = try speech(
      of: "ADDRESS TO THE COUNCIL\n\nMay 3, 2004\n\nTHE PRESIDENT: My fellow townsmen:\n\(plain)\n\(plain)")
    #expect(turn.speaker.role == "THE PRESIDENT")
    #expect(shape(turn.sections) == "salutation body")
  }

  private func headings(_ lines: String..., name: String = "page.txt") throws -> [String] {
    let speech = try speech(of: lines.joined(separator: "\n\n"), fileName: name)
    return speech.sections.outline(of: TextIndex(speech.text)).filter { $0.section.kind == .section }.map {
      "\($0.path) \($0.section.label ?? "")\($0.section.heading ?? "-")"
    }
  }

  @Test("takes capitals, Roman and Arabic numbers on a line for headings, each style inside the one before")
  func styles() throws {
    #expect(
      try headings(
        plain, "I. THE RIVER", "OUR WATER", plain, "1. The wells", plain, "2. The dams", plain, "OUR FISH", plain,
        "II. THE ROAD",
        plain) == [
          "1 I.THE RIVER", "1.1 OUR WATER", "1.1.1 1.The wells", "1.1.2 2.The dams", "1.2 OUR FISH", "2 II.THE ROAD",
        ])
  }

  @Test("takes underlined lines and the headings of Markdown for sections")
  func markup() throws {
    #expect(
      try headings(plain, "The river\n---------", plain, "The road\n--------", plain) == ["1 The river", "2 The road"])
    #expect(
      try headings(
        "# A talk", plain, "## The river", plain, "### The fish", plain, "## The road", plain, name: "talk.md")
        == ["1 The river", "1.1 The fish", "2 The road"])
    #expect(try headings("I. THE RIVER", plain, "II. THE ROAD", plain) == ["1 I.THE RIVER", "2 II.THE ROAD"])
  }

  @Test("takes numbered paragraphs, somebody's turn and a lone number for text")
  func traps() throws {
    #expect(
      try headings(
        plain, "1. \(plain)", "2. \(plain)", "WELLS: YES.", plain, "LADIES AND GENTLEMEN", plain, "4. The sea", plain,
        "OTTER: NO.", plain)
        == [])
  }

  @Test("joins lines that a margin broke, with a space and without cutting words at hyphens")
  func wrapped() throws {
    let text = (0..<3).map { _ in
      "In the year of the flood the people of the\nforty-\nseventh district went up the hill, and they\ncarried all that they had on carts. (Applause.)\n"
    }.joined(separator: "\n")
    let speech = try speech(of: text)
    #expect(
      speech.text.split(separator: "\n").first
        == "In the year of the flood the people of the forty-seventh district went up the hill, and they carried all that they had on carts. (Applause.)"
    )
    #expect(speech.warnings == ["hard_wrap_joined"])
    #expect(speech.annotations.map(\.kind) == ["stage_direction", "stage_direction", "stage_direction"])
    #expect(speech.annotations.first?.value == "Applause.")
  }

  @Test("marks stage directions in square brackets too")
  func brackets() throws {
    let speech = try speech(of: "\(plain) [Laughter]\n\n\(plain) (Extended applause and cheers.)")
    #expect(speech.annotations.map(\.value) == ["Laughter", "Extended applause and cheers."])
  }
}
