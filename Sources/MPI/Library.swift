import COpenMPI

/// The MPI library, which is loaded when the program is one of several ranks: a program alone needs none.
enum Library {
  /// Open MPI 4.0 to 5.0.
  static let standardName = "libmpi.so.40"

  /// - Parameter name: a path, or a name that the dynamic loader looks up; nil for `standardName`.
  /// - Throws: `MPIError` that says what to install where the library cannot be loaded.
  static func load(named name: String?) throws {
    let name = name ?? standardName
    guard let reason = shim_load(name) else { return }
    let text = """
      the MPI library cannot be loaded (\(String(cString: reason))). Debian, Ubuntu: apt-get install openmpi-bin; Rocky, \
      RHEL: dnf install openmpi, then `module load mpi`; a cluster: its module of Open MPI 4 or 5. A run on one rank, without \
      mpirun or srun, needs none
      """
    throw MPIError(code: 0, call: "MPI_Init_thread", text: text)
  }
}
