import Corpus
import Foundation

/// The lists of words and readings: found in the folder of the setting, in `share` where the program runs, or beside the
/// program in `../share/rostrum`.
enum LanguageFiles {
  static func load(_ settings: Settings) throws -> LanguageData {
    let named = settings.text(.share)
    let folders = named.isEmpty ? usualFolders : [URL(filePath: named)]
    guard let folder = folders.first(where: { exists("words.txt", in: $0) || exists("pinyin.txt", in: $0) }) else {
      if named.isEmpty { return LanguageData() }
      throw Failure("There is no words.txt or pinyin.txt in \(named), which the setting “share” names.")
    }
    var language = LanguageData()
    if let words = try read("words.txt", in: folder) { language.lexicon = Lexicon(Array(words)) }
    if let readings = try read("pinyin.txt", in: folder) {
      language.pinyin = Pinyin(String(decoding: readings, as: UTF8.self))
    }
    return language
  }

  private static var usualFolders: [URL] {
    let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let beside = program.map {
      URL(filePath: $0).deletingLastPathComponent().deletingLastPathComponent().appending(path: "share/rostrum")
    }
    return [URL(filePath: "share")] + [beside].compactMap(\.self)
  }

  private static func exists(_ name: String, in folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  private static func read(_ name: String, in folder: URL) throws -> Data? {
    guard exists(name, in: folder) else { return nil }
    do { return try Data(contentsOf: folder.appending(path: name)) } catch {
      throw Failure("\(folder.appending(path: name).path) cannot be read: \(error.localizedDescription)")
    }
  }
}
