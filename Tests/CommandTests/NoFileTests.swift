import Foundation
import TestSupport
import Testing

/// Pipes, sockets, devices and folders where a file is wanted: a message, and never a wait without end.
@Suite(.startsPrograms) struct NoFileTests {
  /// `HERE` stands for the name that is no file's, `NEW` for a place where nothing is.
  static let readers = [
    "plan HERE", "dynamics HERE", "evaluate sweeps/quickstart.yaml --rule HERE", "tasks HERE.yaml",
    "run HERE --out NEW",
  ]

  /// The name of something that is no file, made in a folder.
  private func make(_ kind: String, _ path: String) throws -> String {
    switch kind {
    case "pipe": #expect(mkfifo(path, 0o644) == 0)
    case "socket":
      let result = try run([
        "python3", "-c", "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", path,
      ])
      #expect(result.code == 0, "\(result)")
    case "folder":
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    case "device": try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero")
    default: Issue.record("there is no \(kind)")
    }
    return path
  }

  @Test(
    arguments: readers,
    [
      ("pipe", "this is a pipe with nobody at its other end\n  Start what writes into it, or name a file."),
      ("socket", "this is a socket, and a file was wanted\n"),
      ("device", "this is a device, and a file was wanted\n"),
      ("folder", "this is a folder, and a file was wanted\n"),
    ]) func isRefused(_ command: String, _ kind: (name: String, message: String)) throws
  {
    let folder = try TemporaryFolder("nofile")
    let place = try make(kind.name, folder.file(command.contains(".yaml") ? "it.yaml" : "it"))
    let words = command.split(separator: " ").map { word in
      switch word {
      case "HERE", "HERE.yaml": place
      case "NEW": folder.file("new")
      default: String(word)
      }
    }
    let result = try run([try Repository.program("trifactor")] + words, limit: 20)
    #expect(result.code == 65, "\(result)")
    #expect(result.errors.contains("\(place): \(kind.message)"), "\(result)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("new")))
  }

  /// What a run has written, replaced by something that is no file: refused where it is needed, passed over where it
  /// is not.
  @Test func aFolderOfResultsWithPipes() throws {
    let folder = try TemporaryFolder("pipes")
    let (_, out) = try TwoCellSweep.run(in: folder)
    let table = try trifactor("table", out)
    for name in ["sweep.yaml", "progress.json"] {
      try? FileManager.default.removeItem(atPath: out + "/" + name)
      _ = try make("pipe", out + "/" + name)
    }
    for command in ["table", "status", "rule", "verify"] {
      let result = try run([try Repository.program("trifactor"), command, out], limit: 20)
      #expect(result.code == 0, "\(result)")
      if command == "table" { #expect(result.output == table.output) }
    }
    for (name, code) in [("shards/iteration-d1.00000.npy", 65), ("sweep.json", 65)] {
      try FileManager.default.removeItem(atPath: out + "/" + name)
      _ = try make("pipe", out + "/" + name)
      for command in ["table", "status", "rule", "dynamics"] {
        let result = try run([try Repository.program("trifactor"), command, out], limit: 20)
        #expect(result.code == Int32(code), "\(result)")
        #expect(
          result.errors.contains("\(out)/\(name): this is a pipe with nobody at its other end; "), "\(result)"
        )
      }
    }
  }

  /// What is no shard is put aside with the damaged ones, and the next run computes what it held.
  @Test(arguments: ["pipe", "folder", "socket", "device"]) func aShardThatIsNoFileIsSalvaged(_ kind: String)
    throws
  {
    let folder = try TemporaryFolder("noshard")
    let (sweep, out) = try TwoCellSweep.run(in: folder)
    let before = try trifactor("table", out).output
    let shard = out + "/shards/evaluation-d1.00000.npy"
    try FileManager.default.removeItem(atPath: shard)
    _ = try make(kind, shard)
    let checked = try trifactor("verify", out)
    #expect(
      checked.code == 1 && checked.output.contains("DAMAGED: \(shard): this is a \(kind)"), "\(checked)")
    let salvaged = try trifactor("verify", out, "--salvage")
    #expect(salvaged.code == 0, "\(salvaged)")
    #expect(try trifactor("run", sweep, "--out", out).code == 0)
    #expect(try trifactor("table", out).output == before)
  }

  @Test func thePlaceOfTheShardsIsAFolder() throws {
    let folder = try TemporaryFolder("shards")
    let (sweep, out) = try TwoCellSweep.run(in: folder)
    try FileManager.default.removeItem(atPath: out + "/shards")
    _ = try make("pipe", out + "/shards")
    for command in [
      ["table", out], ["status", out], ["run", sweep, "--out", out], ["plan", sweep, "--out", out],
    ] {
      let result = try run([try Repository.program("trifactor")] + command, limit: 20)
      #expect(
        result.code == 65 && result.errors.contains("/shards: this is a pipe, and a folder was wanted"),
        "\(result)")
    }
    let place = try folder.write("a file", to: "file")
    for (name, what) in [(place, place), (place + "/out", place), ("/dev/null", "/dev/null")] {
      let planned = try trifactor("plan", sweep, "--out", name)
      let kind = what == place ? "file" : "device"
      #expect(
        planned.code == 74 && planned.errors.contains("\(what): this is a \(kind), and a folder was wanted"),
        "\(planned)")
    }
  }

  /// A pipe that somebody reads is written into; one that nobody reads is an error.
  @Test func aPipeIsWrittenInto() throws {
    let folder = try TemporaryFolder("written")
    let pipe = try make("pipe", folder.file("pipe"))
    let program = try Repository.program("trifactor")
    let script = #"sleep 0.2; cat "$2" > "$2.copy" & "$1" rule miconi --to "$2"; code=$?; wait; exit $code"#
    let read = try run(["bash", "-c", script, "bash", program, pipe], limit: 20)
    #expect(read.code == 0, "\(read)")
    let file = folder.file("file")
    #expect(try trifactor("rule", "miconi", "--to", file).code == 0)
    let bytes = FileManager.default.contents(atPath: file)
    #expect(bytes != nil && bytes == FileManager.default.contents(atPath: pipe + ".copy"))

    let unread = try run([program, "rule", "miconi", "--to", pipe], limit: 20)
    #expect(unread.code == 74, "\(unread)")
    #expect(
      unread.errors
        == "error: cannot write to '\(pipe)': this is a pipe with nobody at its other end. Give another path\n",
      "\(unread)")
    let socket = try make("socket", folder.file("socket"))
    let refused = try run([program, "rule", "miconi", "--to", socket], limit: 20)
    #expect(
      refused.code == 74 && refused.errors.contains("this is a socket, and a file was wanted"), "\(refused)")
  }

  /// Whoever writes may begin late and take its time.
  @Test func aSlowWriterIsWaitedFor() throws {
    let folder = try TemporaryFolder("slow")
    let sweep = try folder.write(TwoCellSweep.text, to: "tiny.yaml")
    let pipe = try make("pipe", folder.file("pipe"))
    let script =
      #"(sleep 0.3; head -c 20 "$2"; sleep 2; tail -c +21 "$2") > "$3" & "$1" plan "$3"; code=$?; wait; exit $code"#
    let result = try run(
      ["bash", "-c", script, "bash", try Repository.program("trifactor"), sweep, pipe], limit: 30)
    #expect(result.code == 0 && result.output.contains("2 cells, "), "\(result)")
  }
}
