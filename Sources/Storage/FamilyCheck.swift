import Corpus
import Foundation
import GRDB

/// Holds what is kept of copies against the texts.
enum FamilyCheck {
  /// Every speech has the sample of its text, every pair stands in each other as far as it says, and families follow from the
  /// pairs. That no pair is missing is not looked at: with which others a text was compared depends on what was there then.
  static func findings(_ db: Database) throws -> [Finding] {
    let pairs = try Row.fetchAll(db, sql: "SELECT copy, original, share, coverage FROM copy").map {
      CopyPair(copy: $0[0], original: $0[1], share: $0[2], coverage: $0[3])
    }
    var heads = SpeechFamilies.heads(pairs)
    var (samples, strays) = (0, 0)
    let sql = """
      SELECT card.speech, card.family, f.sparsity, f.hashes FROM card
      LEFT JOIN fingerprint f ON f.speech = card.speech
      """
    for row in try Row.fetchAll(db, sql: sql) {
      let key: Int64 = row[0]
      let print = try db.withText(of: key) { CopyText.sample(of: Folding.fold(utf8: $0)).print }
      if row[2] as Int? != print?.sparsity
        || (row[3] as Data?).map({ Array($0) }) != print.map({ CopySearch.bytes(of: $0.hashes) })
      {
        samples += 1
      }
      if row[1] as Int64? != heads.removeValue(forKey: key) { strays += 1 }
    }
    let wrong = try pairs.count { pair in
      let original = try db.copyText(of: pair.original).map(CopyComparison.init)
      let result = try original.flatMap { original in try db.withText(of: pair.copy) { original.result(with: $0) } }
      return result?.other != pair.share || result?.own != pair.coverage
    }
    return [
      (samples, "speeches are sampled as other texts than they have"),
      (strays + heads.count, "speeches are in a wrong family"),
      (wrong, "pairs of copies are not what is kept of them"),
    ].compactMap { count, detail in count > 0 ? Finding(subject: "families", detail: "\(count) \(detail)") : nil }
  }
}
