import Foundation
import Glibc

/// A program and all that it has started, ranks in process groups of their own included: the processes of one
/// session, by /proc.
struct Session {
  /// The process number of the program, which is the number of its session.
  let leader: pid_t

  /// Seconds of one thread since its start.
  struct ThreadTime {
    /// On a processor.
    var ran: Double
    /// Ready to run, while others had the processors.
    var waited: Double
  }

  /// Living processes; one that has ended and was not waited for is none.
  var members: [pid_t] {
    Self.numbers(in: "/proc").filter { pid in
      guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
        let name = text.lastIndex(of: ")")
      else { return false }
      // After the name: state, parent, group, session.
      let fields = text[name...].split(separator: " ", maxSplits: 5)
      return fields.count > 4 && fields[4] == "\(leader)" && !["Z", "X"].contains(fields[1])
    }
  }

  /// Times of all threads by their numbers; empty where the kernel keeps no count.
  var threadTimes: [pid_t: ThreadTime] {
    var result: [pid_t: ThreadTime] = [:]
    for process in members {
      for thread in Self.numbers(in: "/proc/\(process)/task") {
        let path = "/proc/\(process)/task/\(thread)/schedstat"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
        let nanoseconds = text.split(separator: " ").compactMap { Double($0) }
        guard nanoseconds.count >= 2 else { continue }
        result[thread] = ThreadTime(ran: nanoseconds[0] * 1e-9, waited: nanoseconds[1] * 1e-9)
      }
    }
    return result
  }

  func send(_ signal: Int32) {
    for process in members { kill(process, signal) }
  }

  private static func numbers(in folder: String) -> [pid_t] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap { pid_t($0) }
  }
}
