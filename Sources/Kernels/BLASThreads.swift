import COpenBLAS

/// Keeps OpenBLAS to one thread: ranks share the cores among themselves.
enum BLASThreads {
  /// Read before every call into OpenBLAS; the first read sets the count.
  static let one: Void = openblas_set_num_threads(1)
}
