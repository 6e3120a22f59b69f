import Foundation
import ResultStore
import TestSupport
import Testing

/// A folder that a run on another host has, or had. Hosts are UTS namespaces, which differ in the name only, so that
/// everything but the name of the holder would say that it lives or is dead.
@Suite(.startsPrograms, .enabled(if: Namespaces.canNameHosts, "a host name of its own needs root"))
struct OtherHostTests {
  /// Starts a run on node-a and waits until it has stored something.
  private static func start(_ sweep: TinySweep) throws -> RunningProcess {
    let first = try RunningProcess(Namespaces.on("node-a", sweep.arguments()))
    let shard = sweep.out + "/shards/state-d0.00000.npy"
    _ = try first.wait(for: shard) { FileManager.default.fileExists(atPath: shard) }
    return first
  }

  @Test("A living run of another host is named and goes on")
  func living() throws {
    let sweep = try TinySweep(TinySweep.longText)
    let first = try Self.start(sweep)
    let second = try run(Namespaces.on("node-b", sweep.arguments()))
    #expect(second.end == .exited(69), "\(second)")
    #expect(
      second.errors.contains(
        "\(sweep.out)/lock: process \(first.pid) on node-a runs in this folder, last seen"))
    #expect(second.errors.contains("if it is surely dead, remove \(sweep.out)/lock"), "\(second)")
    #expect(try StoreLock.read(sweep.out + "/lock", SystemFiles())?.host == "node-a")
    first.send(SIGUSR1)
    #expect(try first.wait().end == .exited(75))
  }

  @Test("A dead one of another host is believed to live for a minute, then its folder is taken over")
  func dead() throws {
    let sweep = try TinySweep()
    let first = try Self.start(sweep)
    first.send(SIGKILL)
    _ = try first.wait()
    let early = try run(Namespaces.on("node-b", sweep.arguments()))
    #expect(early.end == .exited(69) && early.errors.contains("on node-a"), "\(early)")

    // A minute later, told by the lock.
    let lock = sweep.out + "/lock"
    var holder = try #require(try StoreLock.read(lock, SystemFiles()))
    #expect(holder.host == "node-a" && holder.pid == first.pid)
    holder.heartbeat -= 60
    let text = try JSONEncoder().encode(holder)
    try (text + Data(repeating: 0x20, count: 511 - text.count) + Data([0x0A]))
      .write(to: URL(fileURLWithPath: lock))
    let later = try run(
      Namespaces.on("node-b", mpirun(ranks: 2, sweep.arguments())), environment: mpiEnvironment,
      limit: 120)
    #expect(later.end == .exited(0), "\(later)")
    #expect(later.errors.contains("\(lock): taken over from process \(first.pid) on node-a, which is gone"))
    #expect(try sweep.export() == TinySweep.undisturbed.get())
    let hosts = try StoreReader(sweep.out).manifest.launches.map(\.host)
    #expect(hosts == ["node-a", "node-b"], "each launch names its host: \(hosts)")
  }
}
