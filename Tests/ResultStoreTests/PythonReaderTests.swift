import Foundation
import TestSupport
import Testing

@testable import ResultStore

/// The files as numpy sees them, with the project's own interpreter.
@Suite("numpy", .startsPrograms) struct PythonReaderTests {
  /// Runs Python code with the folder as `sys.argv[1]` and gives its output.
  static func run(_ code: String, _ folder: String) throws -> String {
    let result = try python("-c", "import sys, numpy as np\nfrom trifactor import shards\n" + code, folder)
    guard result.code == 0 else { throw ProcessFailure(result.description) }
    return result.output
  }

  /// A folder with a finished sweep of two cells.
  static func finished() throws -> TemporaryFolder {
    let folder = try TemporaryFolder("numpy")
    let writer = try StoreWriter(folder.path)
    try writer.save(Sample.manifest(keys: [7, 8]))
    for record in Sample.cell(7) + Sample.cell(8, degree: 3) { try writer.append(record) }
    // Made again: the last counts.
    for (network, condition) in [(0, -1), (0, 0), (1, 0), (0, 0)] {
      try writer.append(Sample.dynamics(network, condition: condition))
    }
    try writer.close()
    return folder
  }

  @Test("numpy.load maps every sealed shard with nothing of ours") func sealed() throws {
    let folder = try Self.finished()
    let result = try python(
      "-c",
      """
      import glob, sys, zlib, numpy as np
      for path in sorted(glob.glob(sys.argv[1] + "/shards/*.npy")):
          a = np.load(path, mmap_mode="r")
          assert isinstance(a, np.memmap), type(a)
          assert a.dtype.itemsize % 8 == 0
          for i, r in enumerate(a):
              assert r["magic"] == 0x43414633 and r["sequence"] == i
              assert zlib.crc32(r.tobytes()[8:]) == r["crc32"]
          print(path.split("/")[-1], len(a), *[n for n in a.dtype.names][5:9])
      a = np.load(sys.argv[1] + "/shards/iteration-d3.00000.npy")
      print(a["theta"].shape, a["theta"][1, 15], a["validation_reward"], a["constants"][0, 9], a["lifetimes_so_far"])
      a = np.load(sys.argv[1] + "/shards/result-d1.00000.npy")
      print(a["cell"], a["status"], a["seconds"], a["message"])
      """, folder.path)
    #expect(
      result.output == """
        dynamics-d1.00000.npy 4 unsynced network conditions condition
        evaluation-d1.00000.npy 6 unsynced network trials diverged_at
        evaluation-d3.00000.npy 6 unsynced network trials diverged_at
        iteration-d1.00000.npy 4 unsynced iteration lifetimes diverged
        iteration-d3.00000.npy 4 unsynced iteration lifetimes diverged
        result-d1.00000.npy 1 unsynced launch rank iterations
        result-d3.00000.npy 1 unsynced launch rank iterations
        state-d1.00000.npy 2 unsynced iteration evaluated best_iteration
        state-d3.00000.npy 2 unsynced iteration evaluated best_iteration
        (4, 16) 10.234375 [nan nan nan nan] 30.140625 [ 4  8 12 16]
        [7] [0] [3.] [b'']

        """, "\(result)")
  }

  @Test("The Python reader gives settings and records, each once") func load() throws {
    let folder = try Self.finished()
    let output = try Self.run(
      """
      sweep = shards.load(sys.argv[1])
      print(sweep.left_out, list(sweep.cells), sweep.cells["0000000000000008"]["settings"]["seed"],
            sweep.cells["0000000000000008"]["settings"]["task"], sweep.manifest["name"])
      print({d: len(a) for d, a in sweep.iterations.items()}, {d: len(a) for d, a in sweep.states.items()},
            {d: len(a) for d, a in sweep.evaluations.items()}, {d: len(a) for d, a in sweep.results.items()})
      print(sweep.of("0000000000000008")["role"], sweep.of("0000000000000007", "state")["iteration"])
      print(sum(len(a) for a in shards.records(sys.argv[1], "evaluation")))
      kept = sweep.of("0000000000000007", "dynamics")
      print(sorted(zip(kept["network"].tolist(), kept["condition"].tolist())), kept["program"][0])
      """, folder.path)
    #expect(
      output == """
        [] ['0000000000000007', '0000000000000008'] 1 cue-association sample
        {1: 4, 3: 4} {1: 1, 3: 1} {1: 6, 3: 6} {1: 1, 3: 1}
        [0 0 1 1 2 2] [4]
        12
        [(0, -1), (0, 0), (1, 0)] b'1.0.0 abc'

        """)
  }

  @Test("Open, torn and damaged shards are read, and what is left out is said") func damaged() throws {
    let folder = try TemporaryFolder("numpy")
    let writer = try StoreWriter(folder.path)
    try writer.save(Sample.manifest())
    for number in 0..<5 { try writer.append(Sample.iteration(number)) }
    let path = folder.file("shards/iteration-d1.00000.npy")
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let header = ShardHeader.length(of: .of(.iteration, degree: 1))
    let size = RecordSchema.of(.iteration, degree: 1).size
    func look(_ bytes: [UInt8]) throws -> String {
      try folder.write(bytes, to: "shards/iteration-d1.00000.npy")
      return try Self.run(
        """
        shard = shards.open_shard(sys.argv[1] + "/shards/iteration-d1.00000.npy")
        print(shard.state, list(shard.records["iteration"]) if len(shard.records) else [], shard.damaged, shard.torn)
        for line in shard.trouble: print(line)
        """.replacingOccurrences(of: "list(", with: "np.ndarray.tolist("), folder.path)
    }
    #expect(try look(whole) == "open [0, 1, 2, 3, 4] False 0\n")
    #expect(try look(Array(whole.dropLast(7))) == "open [0, 1, 2, 3] False \(size - 7)\n")
    #expect(try look(whole + [0, 0, 0]) == "open [0, 1, 2, 3, 4] False 3\n")
    var bad = whole
    bad[header + 2 * size + 77] ^= 4
    #expect(
      try look(bad)
        == "open [0, 1, 3, 4] True 0\n1 bad records before good ones left out, the first is record 2 at byte "
        + "\(header + 2 * size)\n")
    #expect(try look(Array(whole.prefix(20))) == "open [] False 20\n")
    #expect(try look([]) == "open [] False 0\n")
    bad = whole
    bad[3] ^= 1
    #expect(try look(bad).hasPrefix("unreadable [] True 0\nits header cannot be read"))
    try folder.write(whole, to: "shards/iteration-d1.00000.npy")
    try writer.close()
    let sealed = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(try look(sealed) == "sealed [0, 1, 2, 3, 4] False 0\n")
    #expect(
      try look(Array(sealed.dropLast(size)))
        == "sealed [0, 1, 2, 3] True 0\n4 records and 0 bytes where 5 records were sealed\n")
    let check = try python("-m", "analysis.shards", folder.path)
    #expect(check.code == 65)
    #expect(check.output.contains("iteration-d1.00000.npy  4 records  sealed  DAMAGED"))
    try folder.write(sealed, to: "shards/iteration-d1.00000.npy")
    #expect(try python("-m", "analysis.shards", folder.path).code == 0)
    var plan = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file("sweep.json"))))
    plan[60] ^= 1
    try folder.write(plan, to: "sweep.json")
    #expect(try python("-m", "analysis.shards", folder.path).output.hasPrefix("DAMAGED: "))
  }

  @Test("An exported archive opens without pickle and has a row a network") func export() throws {
    let folder = try Self.finished()
    let networks = try FreshNetworks(folders: [folder.path])
    try networks.write(to: folder.file("export.npz"))
    try networks.write(to: folder.file("export.csv"))
    let output = try Self.run(
      """
      import csv, zipfile
      z = np.load(sys.argv[1] + "/export.npz", allow_pickle=False)
      print(*z.files)
      print(len(z["key"]), z["key"][0], z["role"].tolist()[:6], z["network"].tolist()[:6], z["seed"].dtype, z["task"][0])
      print(z["accuracy_curve"].shape, z["accuracy_curve"][3, 2], z["late_accuracy"][0], z["rule.degree"].tolist()[-1])
      assert zipfile.ZipFile(sys.argv[1] + "/export.npz").testzip() is None
      print({i.date_time for i in zipfile.ZipFile(sys.argv[1] + "/export.npz").infolist()})
      rows = list(csv.DictReader(open(sys.argv[1] + "/export.csv")))
      print(len(rows), rows[7]["key"], rows[7]["role"], float(rows[7]["late_accuracy"]))
      """, folder.path)
    #expect(
      output == """
        key role network task rule.degree seed chance shortcut ceiling trials diverged_at trials_to_criterion reward \
        accuracy late_reward late_accuracy reward_curve accuracy_curve
        12 0000000000000007 ['learned', 'learned', 'start', 'start', 'none', 'none'] [0, 1, 0, 1, 0, 1] int64 \
        cue-association
        (12, 20) 0.03125 0.875 1
        {(1980, 1, 1, 0, 0, 0)}
        12 0000000000000008 learned 0.875

        """)
  }
}
