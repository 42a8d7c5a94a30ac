import Corpus
import TestSupport
import Testing

@Suite("Reading a query")
struct QueryParserTests {
  /// A query in one line: `a & b`, `a | b`, `!a`, `near5(a b)`, with fields, asterisks and quotes as they were.
  private static func shown(_ query: Query) -> String {
    func term(_ term: Term) -> String {
      (term.field.map { $0.rawValue + ":" } ?? "") + (term.isQuoted ? "“\(term.text)”" : term.text)
        + (term.isPrefix ? "…" : "")
    }
    return switch query {
    case .term(let one): term(one)
    case .near(let near): "near\(near.distance)(" + near.terms.map(term).joined(separator: " ") + ")"
    case .and(let parts): "(" + parts.map(shown).joined(separator: " & ") + ")"
    case .or(let parts): "(" + parts.map(shown).joined(separator: " | ") + ")"
    case .not(let part): "!" + shown(part)
    }
  }

  @Test(
    "operators bind as they do elsewhere: NOT, then AND, then OR",
    arguments: [
      ("疫情防控", "疫情防控"), ("a b", "(a & b)"), ("a AND b", "(a & b)"), ("a OR b", "(a | b)"),
      ("a b OR c d", "((a & b) | (c & d))"),
      ("a OR b c", "(a | (b & c))"), ("(a OR b) c", "((a | b) & c)"), ("a -b", "(a & !b)"),
      ("a NOT b OR c", "((a & !b) | c)"),
      ("a AND NOT b", "(a & !b)"), ("NOT b", "!b"), ("-b", "!b"), ("NOT NOT b", "!!b"), ("--b", "!!b"),
      ("-(a b)", "!(a & b)"),
      ("NOT(a OR b)", "!(a | b)"), ("-“a b”", "!“a b”"), ("a OR NOT b", "(a | !b)"), ("((a))", "a"), ("  a  ", "a"),
      ("a\u{3000}b\tc\nd", "(a & b & c & d)"), ("(a)(b)", "(a & b)"), ("a(b)", "(a & b)"), ("a“b”c", "(a & “b” & c)"),
      ("or and not", "(or & and & not)"), ("ORB ANDY NOTE", "(ORB & ANDY & NOTE)"), ("“OR”", "“OR”"),
    ])
  func precedence(text: String, expected: String) throws {
    #expect(Self.shown(try QueryParser.parse(text)) == expected)
  }

  @Test(
    "operators may be in full width, and quotes curly",
    arguments: [
      ("（a OR b）c", "((a | b) & c)"), ("a －b", "(a & !b)"), ("＂a b＂", "“a b”"), ("“a b”", "“a b”"), ("”a b”", "“a b”"),
      ("“说\"好\"”", "“说\"好\"”"), ("\"说“好”\"", "“说“好””"), ("title：春耕", "title:春耕"), ("ｔｉｔｌｅ：春耕", "title:春耕"),
      ("春＊", "春…"),
      ("NEAR／５（a b）", "near5(a b)"), ("ＮＥＡＲ/5(a b)", "near5(a b)"), ("“a”＊", "“a”…"),
    ])
  func fullWidth(text: String, expected: String) throws { #expect(Self.shown(try QueryParser.parse(text)) == expected) }

  @Test(
    "what is no operator is part of a word: masks, numbers, marks",
    arguments: [
      ("×市", "×市"), ("××同志", "××同志"), ("**", "**"), ("*", "*"), ("*书记", "*书记"), ("XXX", "XXX"), ("某", "某"),
      ("COVID-19", "COVID-19"),
      ("15-17岁", "15-17岁"), ("疫情，防控", "疫情，防控"), ("15%的", "15%的"), ("，疫情。", "疫情"), ("a ＯＲ b", "(a | b)"),
      ("ＮＯＴ a", "!a"), ("5G*", "5G…"), ("张*", "张…"), ("张**", "张*…"),
      ("＊＊", "＊＊"),
      ("http://example.org", "http://example.org"), ("“a*b”", "“a*b”"), ("a-", "a"), ("NEARBY", "NEARBY"),
      ("NEAR", "NEAR"),
      ("near/5", "near/5"), ("‘a’", "a"), ("a:b", "a:b"), ("“ a ”", "“ a ”"), ("“a”b", "(“a” & b)"), ("8:30", "8:30"),
    ])
  func words(text: String, expected: String) throws { #expect(Self.shown(try QueryParser.parse(text)) == expected) }

  @Test(
    "fields and NEAR take what stands behind them",
    arguments: [
      ("title:a b", "(title:a & b)"), ("heading:a OR text:b", "(heading:a | text:b)"),
      ("title:(a OR b)", "(title:a | title:b)"),
      ("title: a", "title:a"), ("title:“a b”", "title:“a b”"), ("-title:a", "!title:a"), ("title:title:a", "title:a"),
      ("title:a*", "title:a…"), ("title:NEAR/3(a b)", "near3(title:a title:b)"), ("NEAR(a b)", "near10(a b)"),
      ("NEAR/0(a b)", "near0(a b)"), ("NEAR/1000(a b c)", "near1000(a b c)"),
      ("NEAR/5 ( “a b”  c* )", "near5(“a b” c…)"),
      ("NEAR/5(a b) c", "(near5(a b) & c)"), ("NEAR (a b)", "(NEAR & (a & b))"),
      ("title:(a -b)", "(title:a & !title:b)"),
    ])
  func fieldsAndNear(text: String, expected: String) throws {
    #expect(Self.shown(try QueryParser.parse(text)) == expected)
  }

  @Test(
    "a mistake has its place, in code points",
    arguments: [
      ("", 0, "nothing"), ("  ", 0, "nothing"), ("\u{3000}\n", 0, "nothing"), ("𠮷 (春", 2, "not closed"),
      ("春)", 1, "closes nothing"),
      ("春 “耕", 2, "not closed"), ("春 \"耕”", 2, "not closed"), ("“ ”", 0, "marks"), ("\"\"", 0, "marks"),
      ("，", 0, "marks"), ("春 “，。”", 2, "marks"),
      ("title:NOT 春", 6, "before its field"), ("title:-春", 6, "before its field"), ("NEAR(a -b)", 7, "left out"),
      ("“春\n耕”", 2, "one line"), ("OR 春", 0, "between"), ("AND 春", 0, "between"), ("春 OR", 4, "missing"),
      ("春 AND", 5, "missing"),
      ("春 OR OR 耕", 5, "between"), ("春 AND OR 耕", 6, "between"), ("NOT", 3, "missing"), ("春 -", 2, "right before"),
      ("- 春", 0, "right before"), ("NOT OR", 4, "between"), ("()", 1, "missing"), ("春 ()", 3, "missing"),
      ("(春 OR )", 6, "missing"),
      ("title:", 6, "missing"), ("title: ", 7, "missing"), ("title:(heading:春)", 7, "another field"),
      ("speaker:林", 0, "speaker=…"),
      ("NEAR(春)", 0, "two terms"), ("春 NEAR()", 2, "two terms"), ("NEAR/(a b)", 5, "number"),
      ("NEAR/x(a b)", 5, "number"),
      ("NEAR/1001(a b)", 5, "1000"), ("NEAR/99999999999999999999(a b)", 5, "1000"), ("NEAR/5", 6, "parentheses"),
      ("NEAR/5 a", 7, "parentheses"), ("NEAR/5(a b", 6, "not closed"), ("NEAR/5(a (b))", 9, "terms only"),
      ("NEAR/5(a OR b)", 9, "OR"), ("NEAR/5(a NOT b)", 9, "NOT"), ("NEAR/5(a “b)", 9, "not closed"),
    ])
  func mistakes(text: String, position: Int, detail: String) {
    let error = #expect(throws: QueryError.self) { try QueryParser.parse(text, otherFields: ["speaker"]) }
    #expect(error?.position == position, "\(error?.detail ?? "")")
    #expect(error?.detail.contains(detail) == true, "\(error?.detail ?? "")")
  }

  @Test("is bounded in length, in terms, in depth")
  func limits() throws {
    func mistake(_ text: String) -> QueryError? {
      do {
        _ = try QueryParser.parse(text)
        return nil
      } catch { return error }
    }
    #expect(mistake(String(repeating: "𠮷", count: 1_000)) == nil)
    #expect(mistake(String(repeating: "𠮷", count: 1_001))?.position == 1_000)
    #expect(mistake(Array(repeating: "春", count: 64).joined(separator: " ")) == nil)
    #expect(mistake(Array(repeating: "春", count: 65).joined(separator: " "))?.position == 128)
    #expect(mistake("NEAR(" + Array(repeating: "春", count: 65).joined(separator: " ") + ")")?.position == 133)
    func nested(_ open: String, _ count: Int, _ close: String) -> String {
      String(repeating: open, count: count) + "春" + String(repeating: close, count: count)
    }
    #expect(mistake(nested("(", 16, ")")) == nil)
    #expect(mistake(nested("(", 17, ")"))?.position == 16)
    #expect(mistake(nested("-", 16, "")) == nil)
    #expect(mistake(nested("-", 17, ""))?.position == 16)
    #expect(mistake(nested("-(", 8, ")")) == nil)
    #expect(mistake(nested("-(", 9, ")"))?.position == 16)
    // What was closed no longer counts.
    #expect(mistake(Array(repeating: "-((春))", count: 30).joined(separator: " ")) == nil)
    #expect(mistake(String(repeating: "title:", count: 150) + "春") == nil)
  }

  @Test("fields of a request are told only where their names are known")
  func otherFields() throws {
    #expect(Self.shown(try QueryParser.parse("speaker:林")) == "speaker:林")
    #expect(Self.shown(try QueryParser.parse("“speaker:林”", otherFields: ["speaker"])) == "“speaker:林”")
  }

  @Test("whatever is typed is read or refused with a place within it", arguments: 1...4)
  func anything(seed: Int) {
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "春", "a", " ", "(", ")", "（", "）", "\"", "“", "”", "-", "*", "OR", "NOT", "AND", "NEAR", "/", "5", "title:", ":",
      "\n", "×",
    ]
    for _ in 0..<5_000 {
      let count = Int.random(in: 0...10, using: &random)
      let text = (0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined()
      do {
        let query = try QueryParser.parse(text)
        #expect(!Self.shown(query).isEmpty)
      } catch {
        #expect((0...text.unicodeScalars.count).contains(error.position), "\(text)")
      }
    }
  }
}
