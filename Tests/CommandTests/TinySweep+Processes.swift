import Foundation
import Glibc
import TestSupport

/// The processes of a sweep that runs, found by its file's name.
extension TinySweep {
  /// Process by rank.
  func ranks(naming name: String? = nil) -> [Int: pid_t] {
    var result: [Int: pid_t] = [:]
    for process in processes(naming: name) where process.command.first?.hasSuffix("trifactor") == true {
      if let rank = process.environment["OMPI_COMM_WORLD_RANK"].flatMap({ Int($0) }) {
        result[rank] = process.pid
      }
    }
    return result
  }

  /// Ranks outlive a killed mpirun by up to three seconds, and longer where they get no processor. What does not end
  /// in a minute is killed.
  func waitForRanks(naming name: String? = nil) {
    for _ in 0..<600 {
      if processes(naming: name).isEmpty { return }
      usleep(100_000)
    }
    for process in processes(naming: name) { kill(process.pid, SIGKILL) }
  }

  struct Found {
    var pid: pid_t
    var command: [String]
    var environment: [String: String]
  }

  /// Every living process whose command line names the sweep's file, or `name`, by /proc.
  func processes(naming name: String? = nil) -> [Found] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap { pid_t($0) }.compactMap { pid in
      let command = words("/proc/\(pid)/cmdline")
      guard command.contains(name ?? file) else { return nil }
      let environment = words("/proc/\(pid)/environ").map {
        $0.split(separator: "=", maxSplits: 1).map(String.init)
      }
      return Found(
        pid: pid, command: command,
        environment: Dictionary(
          environment.filter { $0.count == 2 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { a, _ in a }))
    }
  }

  /// Bytes in the shards of a folder of results and of all folders in it; `out` where none is named.
  func storedBytes(in folder: String? = nil) -> Int {
    let folder = folder ?? out
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.reduce(0) { sum, name in
      var status = stat()
      return name.contains("shards/") && stat("\(folder)/\(name)", &status) == 0
        ? sum + Int(status.st_size) : sum
    }
  }

  /// Starts a command under mpirun, and waits until it has stored so many bytes more than were there: then it is at
  /// work, however fast the machine is.
  /// - Returns: nil where it ended before.
  func launch(
    _ arguments: [String], ranks: Int, until growth: Int, in folder: String? = nil
  ) throws -> RunningProcess? {
    let target = storedBytes(in: folder) + growth
    let process = try RunningProcess(mpirun(ranks: ranks, arguments), environment: mpiEnvironment)
    let isAtWork = try process.wait(for: "\(growth) new bytes of results", limit: 300) {
      storedBytes(in: folder) >= target
    }
    if isAtWork, process.isRunning { return process }
    let result = try process.wait()
    guard result.end == .exited(0) else { throw ProcessFailure("\(result)") }
    return nil
  }

  private func words(_ path: String) -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}
