import TestSupport
import Testing

/// The MPI library is loaded when a rank starts, and by the binary interface that `abi.h` declares.
@Suite(.startsPrograms) struct LibraryTests {
  /// mpicc is Open MPI's own compiler.
  @Test func theInterfaceIsThatOfTheInstalledHeader() throws {
    let folder = try TemporaryFolder("abi")
    let program = folder.path + "/abi-check"
    let words = ["mpicc", "-Wall", "-Wextra", "-Werror", "Tests/MPIHeader/abi_check.c", "-o", program]
    let compiled = try run(words)
    #expect(compiled.code == 0, "\(compiled.errors)")
    let result = try run([program])
    #expect(result.code == 0, "\(result.output)")
  }

  @Test func aProgramAloneNeedsNone() throws {
    let environment = ["TRIFACTOR_MPI_LIBRARY": "/nowhere/libmpi.so"]
    let result = try run([try Repository.program("mpi-check"), "collectives"], environment: environment)
    #expect(result.code == 0 && result.output == "ok collectives 1\n", "\(result.errors)")
  }

  @Test func theProgramIsNotLinkedWithIt() throws {
    let result = try run(["objdump", "-p", try Repository.program("trifactor")])
    #expect(result.code == 0 && result.output.contains("libopenblas.so.0"), "\(result.errors)")
    #expect(!result.output.contains("libmpi"))
  }

  @Test func aRankWithoutItSaysWhatToInstall() throws {
    let missing = try rank(of: "libnowhere.so.40")
    #expect(missing.code == 70 && missing.output.isEmpty)
    #expect(missing.errors.split(separator: "\n").count == 1, "\(missing.errors)")
    #expect(
      missing.errors.hasPrefix(
        "error: MPI_Init_thread failed: the MPI library cannot be loaded (libnowhere.so.40: cannot open shared "
          + "object file: No such file or directory). Debian, Ubuntu: apt-get install openmpi-bin; Rocky, RHEL: dnf install "
          + "openmpi, then `module load mpi`; "), "\(missing.errors)")
    #expect(
      missing.errors.hasSuffix("A run on one rank, without mpirun or srun, needs none\n"), "\(missing.errors)"
    )
  }

  @Test func anotherLibraryIsRefused() throws {
    let other = try rank(of: "libz.so.1")
    #expect(other.code == 70)
    #expect(
      other.errors.contains("libz.so.1: no symbol MPI_Init_thread; it is not Open MPI 4 or 5"),
      "\(other.errors)")
  }

  /// One rank as mpirun would start it, with another library.
  private func rank(of library: String) throws -> ProcessResult {
    let environment = ["OMPI_COMM_WORLD_SIZE": "1", "TRIFACTOR_MPI_LIBRARY": library]
    return try run([try Repository.program("mpi-check"), "environment"], environment: environment)
  }
}
