import Foundation
import TestSupport
import Testing

@testable import ResultStore

/// A small file system of its own, in a mount namespace that only the test sees (through `/proc/PID/root`).
private final class SmallDisk {
  let path: String
  private let process: RunningProcess
  private let folder: TemporaryFolder

  /// nil where mounting is not allowed.
  init?(kilobytes: Int) throws {
    folder = try TemporaryFolder("disk")
    process = try RunningProcess([
      "unshare", "-m", "sh", "-c",
      "mount --make-rprivate / && mount -t tmpfs -o size=\(kilobytes)k tmpfs \(folder.path) && echo ready && exec sleep 86400",
    ])
    let isMounted = try process.wait(for: "a mounted disk") { [process] in process.output.contains("ready") }
    guard isMounted else { return nil }
    path = "/proc/\(process.pid)/root\(folder.path)/out"
  }

  func grow(kilobytes: Int) throws {
    let result = try run([
      "nsenter", "-t", "\(process.pid)", "-m", "mount", "-o", "remount,size=\(kilobytes)k", folder.path,
    ])
    guard result.code == 0 else { throw ProcessFailure(result.description) }
  }

  deinit {
    process.send(SIGKILL)
    _ = try? process.wait()
  }
}

@Suite("A full disk", .startsPrograms) struct DiskFullTests {
  @Test(
    "A run stops with what is needed said, and goes on when there is space",
    .enabled(if: geteuid() == 0, "mounting needs root"))
  func smallDisk() throws {
    guard let disk = try SmallDisk(kilobytes: 64) else {
      figure("full disk: mounting is not allowed here, not tried")
      return
    }
    let cells: [UInt64] = [1, 2, 3, 4, 5, 6]
    var appended: [EncodedRecord] = []
    var stops = 0
    var size = 64
    var isDone = false
    while !isDone {
      do {
        let writer = try StoreWriter(disk.path)
        defer { writer.abandon() }
        try writer.save(Sample.manifest(keys: cells))
        for cell in cells {
          let history = writer.index.cells[cell] ?? CellHistory()
          if history.isComplete { continue }
          for record in SampleRun.rest(of: Sample.cell(cell, iterations: 12, networks: 6), after: history) {
            if try writer.append(record) { appended.append(record) }
          }
        }
        try writer.close()
        isDone = true
      } catch let error as StoreError {
        stops += 1
        #expect(error.exitCode == 74)
        #expect(error.description.contains("No space left on device (errno 28); free space there"))
        #expect(error.description.hasPrefix(disk.path))
        let found = try StoreFolder(disk.path).listShards().flatMap { name in
          var records: [EncodedRecord] = []
          let reader = try ShardReader(name, in: disk.path + "/shards", files: SystemFiles())
          #expect(try !reader.scan { view, _ in records.append(view.encoded) }.isDamaged)
          return records
        }
        #expect(Set(found).isSuperset(of: appended))
        size += 12
        try disk.grow(kilobytes: size)
      }
    }
    #expect(stops > 2)
    #expect(try Verification(of: disk.path).problems == [])
    #expect(try FreshNetworks(folders: [disk.path]).count == cells.count * 18)
    figure("full disk: \(stops) stops on a real file system, nothing lost")
  }
}
