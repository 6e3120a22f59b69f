import Glibc

/// Zeroed memory for matrices, on 64-byte boundaries.
///
/// From one huge page on it comes from the system itself, in huge pages where they are granted: kernels walk over U in
/// strides that miss the address caches of small pages. Such memory counts only once it is touched and goes back at
/// once, so that a buffer that is never used costs nothing and a freed one leaves room for the next.
enum ScalarMemory {
  private static let hugePage = 2 << 20

  /// `count` zeros; ends the program with code 71, saying what was asked for, where the system refuses.
  static func allocate<S>(_ count: Int, of type: S.Type = S.self) -> UnsafeMutablePointer<S> {
    let bytes = byteCount(count, of: type)
    guard bytes >= hugePage else {
      let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      memset(raw, 0, bytes)
      return raw.bindMemory(to: S.self, capacity: count)
    }
    // A huge page more, from which the aligned part is kept.
    guard
      let area = mmap(
        nil, bytes + hugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      area != MAP_FAILED
    else { refuse(bytes) }
    let before = (hugePage - Int(bitPattern: area) % hugePage) % hugePage
    let start = area + before
    if before > 0 { munmap(area, before) }
    munmap(start + bytes, hugePage - before)
    madvise(start, bytes, MADV_HUGEPAGE)
    return start.bindMemory(to: S.self, capacity: count)
  }

  /// Gives back what `allocate` returned for the same count.
  static func free<S>(_ pointer: UnsafeMutablePointer<S>, _ count: Int) {
    let bytes = byteCount(count, of: S.self)
    if bytes >= hugePage {
      munmap(pointer, bytes)
    } else {
      UnsafeMutableRawPointer(pointer).deallocate()
    }
  }

  /// Whole pages where memory comes from the system.
  private static func byteCount<S>(_ count: Int, of _: S.Type) -> Int {
    let bytes = max(count, 1) * MemoryLayout<S>.stride
    let page = 4096
    return bytes < hugePage ? bytes : (bytes + page - 1) / page * page
  }

  private static func refuse(_ bytes: Int) -> Never {
    let reason = String(cString: strerror(errno))
    var message =
      "error: no memory for a matrix of \(bytes / 1_000_000) MB (\(reason)). `trifactor plan` says what a cell needs; "
      + "share it with --ranks-per-cell, lower `memory` or start fewer ranks\n"
    message.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    exit(71)
  }
}
