import CNettle

/// The hash function SHA-256 (FIPS 180-4), by nettle.
public struct SHA256 {
  private var context = sha256_ctx()

  /// A hash of no bytes yet.
  public init() { nettle_sha256_init(&context) }

  /// Takes more bytes.
  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { nettle_sha256_update(&context, $0.count, $0.baseAddress) }
  }

  /// The 32 bytes of the digest over all bytes taken so far.
  public var digest: [UInt8] {
    var rest = context
    return [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_SIZE)) { buffer, count in
      nettle_sha256_digest(&rest, buffer.count, buffer.baseAddress)
      count = buffer.count
    }
  }

  /// The digest of some bytes.
  public static func digest(of bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.digest
  }
}
