/// A text in pieces that are compared as a whole: sentences, or words and characters.
struct Units {
  /// Where each piece begins, in code points of the text, and where the last one ends.
  private(set) var starts: [Int] = []
  /// A number for each piece; the same for pieces that say the same.
  private(set) var numbers: [Int32] = []
  private let text: [Unicode.Scalar]

  /// A text in lines and sentences.
  init(sentencesOf text: [Unicode.Scalar]) {
    self.text = text
    var before: Unicode.Scalar?
    for (place, scalar) in text.enumerated() {
      // Whatever else ends a sentence or a line, and a quotation mark, belongs to the sentence that has just ended.
      let isStart = before.map { $0.isSentenceEnd && ($0 == "\n" || !scalar.isSentenceEnd && scalar != "”") } ?? true
      if isStart { starts.append(place) }
      before = scalar == "”" && !isStart ? before : scalar
    }
    starts.append(text.count)
  }

  /// A stretch of a text in words of scripts that have words, and single characters.
  init(_ text: [Unicode.Scalar], _ range: Range<Int>) {
    self.text = text
    var inWord = false
    for place in range {
      let isLetter = text[place].isWordPart
      if !inWord || !isLetter { starts.append(place) }
      inWord = isLetter
    }
    starts.append(range.upperBound)
  }

  fileprivate mutating func number(by known: inout [ArraySlice<Unicode.Scalar>: Int32]) {
    numbers.reserveCapacity(starts.count)
    for (start, end) in zip(starts, starts.dropFirst()) {
      let piece = text[start..<end]
      let number = known[piece] ?? Int32(known.count)
      known[piece] = number
      numbers.append(number)
    }
  }
}

extension Units {
  /// Numbers the pieces of two texts alike.
  static func number(_ one: inout Units, _ other: inout Units) {
    var known: [ArraySlice<Unicode.Scalar>: Int32] = [:]
    one.number(by: &known)
    other.number(by: &known)
  }
}

extension Unicode.Scalar {
  /// Whether a line or a sentence ends with it.
  fileprivate var isSentenceEnd: Bool {
    switch self {
    case "\n", "。", "！", "？", "；", "!", "?", ";": true
    default: false
    }
  }

  /// Whether it goes together with its neighbours into a word: letters and digits of scripts that write words apart.
  fileprivate var isWordPart: Bool {
    switch value {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0xC0..<0x2000: properties.isAlphabetic
    default: false
    }
  }
}

extension [Int] {
  /// The places of a longest strictly increasing subsequence, in order (patience sorting).
  var longestIncreasing: [Int] {
    var ends: [Int] = []
    var before = [Int](repeating: -1, count: count)
    for (place, value) in enumerated() {
      var (low, high) = (0, ends.count)
      while low < high {
        let middle = (low + high) / 2
        if self[ends[middle]] < value { low = middle + 1 } else { high = middle }
      }
      if low > 0 { before[place] = ends[low - 1] }
      if low == ends.count { ends.append(place) } else { ends[low] = place }
    }
    var result: [Int] = []
    var place = ends.last ?? -1
    while place >= 0 {
      result.append(place)
      place = before[place]
    }
    return result.reversed()
  }
}
