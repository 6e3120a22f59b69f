import CBuildInfo
import Foundation
import Kernels
import MPI
import Model
import ResultStore

/// What this program is and where it runs, for provenance.
public enum Build {
  public static let version = "0.1.0"

  public static var commit: String { String(cString: build_commit()) }
  /// True where the sources were changed after the commit.
  public static var isDirty: Bool { build_is_dirty() != 0 }

  /// Version and commit: what all ranks of a run must share.
  public static var identity: String { "\(version) \(commit)" }

  public static func provenance(ranks: Int, level: SIMDLevel) -> Provenance {
    Provenance(
      version: version, commit: commit, dirty: isDirty, command: CommandLine.arguments,
      host: hostName(), ranks: ranks, cpu: cpuModel, simd: level.rawValue,
      blas: BLAS.coreName, mpi: ranks > 1 ? MPI.libraryVersion : "none",
      job: ProcessInfo.processInfo.environment["SLURM_JOB_ID"], started: timestamp())
  }

  /// The processor's name, as Linux gives it.
  private static var cpuModel: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown"
  }

  /// ISO 8601, UTC.
  public static func timestamp() -> String { ISO8601DateFormatter().string(from: Date()) }
}
