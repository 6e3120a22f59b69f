/// Where, when and by which program one launch of a sweep ran.
public struct Provenance: Codable, Sendable, Equatable {
  /// Version and commit of the program; `dirty` where its sources were changed after the commit.
  public var version: String
  public var commit: String
  public var dirty: Bool
  /// The command line, program first.
  public var command: [String]
  public var host: String
  public var ranks: Int
  public var cpu: String
  /// The SIMD level that was used, the kernels OpenBLAS chose, the MPI library and its version.
  public var simd: String
  public var blas: String
  public var mpi: String
  /// The job's number; nil without a batch system.
  public var job: String?
  /// ISO 8601, UTC. `ended` is nil while the launch runs, and if it crashed.
  public var started: String
  public var ended: String?
  /// How it ended: `done`, `drained` or the error's text.
  public var outcome: String?
  /// Cells of the folder that had a result when it ended; nil if it did not end or an earlier program wrote this.
  public var results: Int?

  public init(
    version: String, commit: String, dirty: Bool, command: [String], host: String, ranks: Int, cpu: String,
    simd: String, blas: String, mpi: String, job: String? = nil, started: String, ended: String? = nil,
    outcome: String? = nil, results: Int? = nil
  ) {
    self.version = version
    self.commit = commit
    self.dirty = dirty
    self.command = command
    self.host = host
    self.ranks = ranks
    self.cpu = cpu
    self.simd = simd
    self.blas = blas
    self.mpi = mpi
    self.job = job
    self.started = started
    self.ended = ended
    self.outcome = outcome
    self.results = results
  }
}
