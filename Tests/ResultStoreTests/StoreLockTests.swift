import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("Lock") struct StoreLockTests {
  static let me = LockHolder(host: "node1", pid: 500, pidStart: 77, boot: "b1", job: nil, heartbeat: 0)

  /// A machine with a clock that sleeping moves; `during` happens in the first sleep.
  final class Machine {
    var time = 10_000.0
    var living: [Int32: UInt64] = [:]
    var slept: [Double] = []
    var during: () throws -> Void = {}
    func environment(_ identity: LockHolder = me) -> LockEnvironment {
      LockEnvironment(
        identity: identity, now: { self.time },
        sleep: {
          self.time += $0
          self.slept.append($0)
          if self.slept.count == 1 { try? self.during() }
        }, startOfProcess: { self.living[$0] })
    }
  }

  static func other(
    host: String = "node1", pid: Int32 = 400, start: UInt64 = 5, boot: String = "b1", job: String? = nil
  ) -> LockHolder {
    LockHolder(host: host, pid: pid, pidStart: start, boot: boot, job: job, heartbeat: 0)
  }

  /// Takes the lock as `holder` and dies without a word.
  static func leave(_ holder: LockHolder, in files: MemoryFiles, at time: Double = 10_000) throws {
    let machine = Machine()
    machine.time = time
    _ = try StoreLock("/lock", files: files, environment: machine.environment(holder))
  }

  @Test("Taken, shown to live, given back") func life() throws {
    let files = MemoryFiles()
    let machine = Machine()
    let lock = try StoreLock("/lock", files: files, environment: machine.environment())
    #expect(lock.previous == nil)
    machine.time += 5
    try lock.beat()
    #expect(try StoreLock.read("/lock", files)?.heartbeat == 10_005)
    #expect(files.contents[1]?.count == StoreLock.fileSize)
    try lock.release()
    #expect(files.names.isEmpty)
  }

  @Test(
    "A dead or old holder is replaced",
    arguments: [
      (other(), "a process that is gone", 0.0),
      (other(pid: 401, start: 5), "a process number that was used again", 0),
      (other(boot: "b0"), "another boot of this host", 0),
      (other(host: "node2", job: "17"), "our own Slurm job on another node", 0),
      (other(host: "node2", job: "16"), "a heartbeat of 60 s ago", 60),
    ])
  func takeover(_ holder: LockHolder, _ why: String, age: Double) throws {
    let files = MemoryFiles()
    try Self.leave(holder, in: files)
    let machine = Machine()
    machine.time += age
    machine.living = [401: 6]
    var me = Self.me
    me.job = "17"
    let lock = try StoreLock("/lock", files: files, environment: machine.environment(me))
    #expect(lock.previous?.pid == holder.pid, "\(why)")
    #expect(try StoreLock.read("/lock", files)?.pid == 500)
    try lock.release()
    #expect(files.names.isEmpty)
  }

  @Test("A living holder is named and left alone") func refusal() throws {
    let cases: [(LockHolder, Double, String)] = [
      (Self.other(), 500, "process 400 on node1 runs in this folder"),
      (
        Self.other(host: "node2", job: "9"), 59,
        "process 400 on node2, Slurm job 9 runs in this folder, last seen 59 s"
      ),
    ]
    for (holder, age, text) in cases {
      let files = MemoryFiles()
      try Self.leave(holder, in: files)
      let before = files.contents
      let machine = Machine()
      machine.time += age
      machine.living = [400: 5]
      let error = #expect(throws: StoreError.self) {
        _ = try StoreLock("/lock", files: files, environment: machine.environment())
      }
      #expect(error?.exitCode == 69)
      #expect(error?.description.contains(text) == true, "\(error.debugDescription)")
      #expect(error?.description.contains("remove /lock") == true)
      #expect(files.contents == before)
    }
  }

  @Test("A holder whose clock is behind but who goes on beating is living") func slowClock() throws {
    let files = MemoryFiles()
    let far = Machine()
    far.time = 5_000
    let theirs = try StoreLock("/lock", files: files, environment: far.environment(Self.other(host: "node2")))
    let machine = Machine()
    machine.during = {
      far.time += 5
      try theirs.beat()
    }
    let error = #expect(throws: StoreError.self) {
      _ = try StoreLock("/lock", files: files, environment: machine.environment())
    }
    #expect(error?.description.contains("its clock is 5000 s behind ours") == true)
    try theirs.beat()
  }

  @Test("Of two who take over at once one goes away, and a run whose lock was taken stops") func race() throws
  {
    let files = MemoryFiles()
    try Self.leave(Self.other(), in: files)
    let machine = Machine()
    var second: StoreLock?
    machine.during = {
      second = try StoreLock(
        "/lock", files: files, environment: Machine().environment(Self.other(pid: 600, start: 8)))
    }
    machine.living = [:]
    #expect(throws: StoreError.self) {
      _ = try StoreLock("/lock", files: files, environment: machine.environment())
    }
    #expect(try StoreLock.read("/lock", files)?.pid == 600)
    try files.remove("/lock")
    let error = #expect(throws: StoreError.self) { try second?.beat() }
    #expect(error?.description.contains("this run stops") == true)
    try second?.release()
  }

  @Test("An empty lock of a death while it was made is replaced") func empty() throws {
    let files = MemoryFiles()
    _ = try files.open("/lock", .create)
    let machine = Machine()
    let lock = try StoreLock("/lock", files: files, environment: machine.environment())
    #expect(machine.slept.first == 1)
    try lock.beat()
  }

  @Test("A folder under another host's name: refused while its heartbeat is young, then taken over by name")
  func otherHost() throws {
    let folder = try TemporaryFolder("store")
    let machine = Machine()
    func options(_ identity: LockHolder) -> StoreWriter.Options {
      var options = StoreWriter.Options()
      options.lock = machine.environment(identity)
      return options
    }
    let far = Self.other(host: "node2", pid: 7)
    var first: StoreWriter? = try StoreWriter(folder.path, options: options(far))
    try first?.append(Sample.iteration(0))
    try first?.commit()
    first = nil
    machine.time += 59
    let error = #expect(throws: StoreError.self) {
      _ = try StoreWriter(folder.path, options: options(Self.me))
    }
    #expect(error?.exitCode == 69)
    #expect(error?.description.contains("process 7 on node2 runs in this folder, last seen 59 s ago") == true)
    machine.time += 1
    var lines: [String] = []
    let next = try StoreWriter(folder.path, options: options(Self.me)) { lines.append($0) }
    #expect(lines == ["\(folder.path)/lock: taken over from process 7 on node2, which is gone"])
    #expect(next.index.cells[7]?.iterations == 1)
    try next.close()
  }

  @Test("Two writers of one process and of two", .startsPrograms) func real() throws {
    let folder = try TemporaryFolder("store")
    let writer = try StoreWriter(folder.path)
    let error = #expect(throws: StoreError.self) { _ = try StoreWriter(folder.path) }
    #expect(error?.exitCode == 69)
    #expect(error?.description.contains("is this process, which already has the folder open") == true)
    writer.abandon()
    try StoreWriter(folder.path).close()
    // A process that lives, with its true start time, and after its death.
    let sleeper = try RunningProcess(["sleep", "86400"])
    let system = LockEnvironment.system()
    var environment = system
    environment.identity.pid = sleeper.pid
    environment.identity.pidStart = try #require(system.startOfProcess(sleeper.pid))
    var options = StoreWriter.Options()
    options.lock = environment
    _ = try StoreWriter(folder.path, options: options)
    #expect(throws: StoreError.self) { _ = try StoreWriter(folder.path) }
    sleeper.send(SIGKILL)
    _ = try sleeper.wait()
    #expect(system.startOfProcess(sleeper.pid) == nil)
    var lines: [String] = []
    let next = try StoreWriter(folder.path) { lines.append($0) }
    #expect(lines.first?.contains("taken over from process \(sleeper.pid)") == true)
    try next.close()
  }
}
