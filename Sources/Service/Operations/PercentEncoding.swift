import Corpus

extension String {
  /// Percent-encoded as RFC 8187 wants it for a parameter of a field.
  var percentEncoded: String {
    var result = ""
    for byte in utf8 {
      let scalar = Unicode.Scalar(byte)
      if byte < 128,
        scalar.properties.isAlphabetic || (48...57).contains(byte) || "-._~".unicodeScalars.contains(scalar)
      {
        result.unicodeScalars.append(scalar)
      } else {
        result += "%" + [byte].hexadecimal.uppercased()
      }
    }
    return result
  }
}
