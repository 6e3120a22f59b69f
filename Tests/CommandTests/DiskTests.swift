import Foundation
import TestSupport
import Testing

/// Disks that are full or may not be written, in a mount namespace of the test's own.
@Suite(.startsPrograms, .enabled(if: Namespaces.canMount, "mounting needs root")) struct DiskTests {
  private static let text = """
    name: single
    base:
      trials: 20
      network: {units: 8}
      meta: {iterations: 3}
      evaluation: {criterion: {correct: 8, of: 10}}
    axes: {seed: [0, 1, 2, 3]}

    """

  /// Runs shell lines in which `$RUN` is the run of a sweep into `$DISK/out`, `$DISK` a file system of `size`, and
  /// `remount` changes its options.
  private static func shell(_ sweep: TinySweep, size: String, _ lines: String) throws -> ProcessResult {
    let disk = sweep.folder.file("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    let program = try Repository.program("trifactor")
    let script = """
      set -u
      DISK=\(disk) TRIFACTOR=\(program)
      RUN="$TRIFACTOR run \(sweep.file) --out $DISK/out"
      remount() { mount -o remount,$1 $DISK; }
      mount --make-rprivate / && mount -t tmpfs -o size=\(size) tmpfs $DISK || exit 99
      \(lines)
      """
    return try run(["unshare", "-m", "bash", "-c", script], environment: mpiEnvironment, limit: 200)
  }

  @Test("A full disk stops every rank with 74 and what to do; with space the same command goes on")
  func full() throws {
    let sweep = try TinySweep(Self.text)
    let result = try Self.shell(
      sweep, size: "48k",
      """
      RANKS="mpirun --oversubscribe --bind-to none -n 2"
      $RANKS $RUN; echo "full $?"
      remount size=64k; $RUN; echo "still full $?"
      remount size=16m; $RANKS $RUN; echo "space $?"
      $TRIFACTOR verify $DISK/out >/dev/null; echo "verify $?"
      $TRIFACTOR export $DISK/out --to \(sweep.folder.file("all.csv"))
      """)
    #expect(result.output == "full 74\nstill full 74\nspace 0\nverify 0\n", "\(result)")
    let disk = sweep.folder.file("disk")
    #expect(result.errors.contains("error: rank 0: cannot store results: \(disk)/out/shards/"), "\(result)")
    #expect(
      result.errors.contains(
        "No space left on device (errno 28); free space there and run the same command again"))
    let undisturbed = try TinySweep(Self.text)
    #expect(try run(undisturbed.arguments(), limit: 100).end == .exited(0))
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: sweep.folder.file("all.csv"))) == undisturbed.export()[1])
  }

  @Test("A file system that may not be written ends the run with 74 and the path; readers go on")
  func readOnly() throws {
    let sweep = try TinySweep(Self.text)
    let result = try Self.shell(
      sweep, size: "16m",
      """
      $RUN 2>/dev/null; echo "run $?"
      remount ro
      $RUN; echo "again $?"
      $TRIFACTOR run \(sweep.file) --out $DISK/new; echo "new $?"
      mpirun --oversubscribe -n 2 $RUN; echo "ranks $?"
      $TRIFACTOR verify $DISK/out >/dev/null; echo "verify $?"
      """)
    #expect(result.output == "run 0\nagain 74\nnew 74\nranks 74\nverify 0\n", "\(result)")
    let disk = sweep.folder.file("disk")
    for place in ["\(disk)/out/lock: open", "\(disk)/new: mkdir"] {
      #expect(
        result.errors.contains(
          "error: \(place) failed: Read-only file system (errno 30); the folder must be writable"),
        "\(result)")
    }
    #expect(result.errors.contains("error: rank 0: \(disk)/out/lock: open failed"), "\(result)")
  }
}
