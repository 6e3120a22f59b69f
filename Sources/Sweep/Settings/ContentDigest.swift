import CCrypto
import Model

/// SHA-256, by libcrypto.
public enum ContentDigest {
  /// 32 bytes.
  public static func sha256(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    let done = SHA256(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &digest)
    invariant(done != nil, "libcrypto could not compute a SHA-256")
    return digest
  }

  /// 64 hex digits.
  public static func hex(of bytes: UnsafeRawBufferPointer) -> String {
    let digits = Array("0123456789abcdef")
    return String(sha256(of: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
