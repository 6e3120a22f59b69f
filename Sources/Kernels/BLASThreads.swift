import COpenBLAS

/// Keeps OpenBLAS to one thread: ranks share the cores among themselves.
enum BLASThreads {
  /// Read before every call into OpenBLAS; the first read sets the count.
  static let one: Void = openblas_set_num_threads(1)
}

/// The BLAS library of this process.
public enum BLAS {
  /// The core type whose kernels OpenBLAS has chosen: it decides the last bits of `Eigenvalues`.
  public static var coreName: String { String(cString: openblas_get_corename()) }
}
