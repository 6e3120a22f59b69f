import TestSupport

/// What this machine lets the tests have to themselves.
enum Namespaces {
  /// A host name: UTS namespaces differ in nothing else.
  static let canNameHosts = (try? run(on("node-a", ["hostname"])).output) == "node-a\n"
  /// File systems.
  static let canMount =
    (try? run(["unshare", "-m", "sh", "-c", "mount --make-rprivate / && mount -t tmpfs tmpfs /mnt"]).code)
    == 0

  /// The command as a host of this name runs it.
  static func on(_ host: String, _ command: [String]) -> [String] {
    ["unshare", "--uts", "sh", "-c", "hostname \(host) && exec \"$@\"", "sh"] + command
  }
}
