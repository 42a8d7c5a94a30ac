import Corpus
import Foundation
import GRDB

/// Holds what is kept of copies against the texts.
enum FamilyCheck {
  /// Every speech has the sample of its text, and the family that follows from the samples of all.
  static func findings(_ db: Database) throws -> [Finding] {
    var search = CopySearch()
    var kept: Set<CopyPair> = []
    for row in try Row.fetchAll(db, sql: "SELECT copy, original, share, coverage FROM copy") {
      kept.insert(CopyPair(copy: row[0], original: row[1], share: row[2], coverage: row[3]))
    }
    var heads = SpeechFamilies.heads(kept)
    var found: Set<CopyPair> = []
    var (wrong, strays) = (0, 0)
    func look() throws {
      found.formUnion(try search.pairs(db))
      search = CopySearch()
    }
    for row in try Row.fetchAll(
      db,
      sql: """
        SELECT card.speech, card.family, f.sparsity, f.hashes FROM card
        LEFT JOIN fingerprint f ON f.speech = card.speech ORDER BY card.speech
        """)
    {
      let key: Int64 = row[0]
      guard let text = try db.copyText(of: key) else { continue }
      let print = text.fingerprint
      if row[2] as Int? != print.sparsity || row[3] as Data? != Data(CopySearch.bytes(print.hashes)) { wrong += 1 }
      if row[1] as Int64? != heads.removeValue(forKey: key) { strays += 1 }
      search.add(key, text, print)
      if search.count >= 500 { try look() }
    }
    try look()
    let missing = SpeechFamilies.heads(found) == SpeechFamilies.heads(kept) ? 0 : found.symmetricDifference(kept).count
    return [
      (wrong, "speeches are sampled as other texts than they have"),
      (strays + heads.count, "speeches are in a wrong family"),
      (missing, "pairs of copies are missing or too many"),
    ].compactMap { count, detail in count > 0 ? Finding(subject: "families", detail: "\(count) \(detail)") : nil }
  }
}
