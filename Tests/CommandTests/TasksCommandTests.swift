import Foundation
import TestSupport
import Testing

@Suite(.startsPrograms) struct TasksCommandTests {
  @Test func everyTaskIsListed() throws {
    let result = try trifactor("tasks")
    #expect(result.code == 0 && result.errors.isEmpty, "\(result)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 13)
    #expect(lines[0].hasPrefix("task "))
    #expect(lines.contains { $0.hasPrefix("context-integration") && $0.contains("0.500   0.750     1.000") })
  }

  @Test func oneTaskIsDescribedAndShown() throws {
    let result = try trifactor("tasks", "delayed-nonmatch", "--step", "10")
    #expect(result.code == 0 && result.errors.isEmpty, "\(result)")
    #expect(result.output.contains("source: Miconi 2017, eLife 6:e20899\n"))
    // Condition 1: A then B, answer +1.
    #expect(
      result.output.contains(
        """
        condition 1, 40 steps of 10.0 ms, 1 to a column
          u0      ########................................
          u1      ..............########..................
          y0      ########################################
          window                              ^^^^^^^^^^^^
        """))
  }

  /// Seen by numpy as a folder and as one file, with the same contents; equal commands give equal bytes.
  @Test func drawnTrialsAreReadByNumpy() throws {
    try withTemporaryFolder { folder in
      for path in ["drawn", "drawn.npz", "again.npz"] {
        let result = try trifactor(
          "tasks", "context-integration", "--option", "noise=1", "--step", "10", "--seed", "5", "--draw",
          folder.file(path))
        #expect(result.code == 0 && result.errors.isEmpty, "\(result)")
      }
      #expect(
        folder.contents == [
          "again.npz", "drawn", "drawn.npz", "drawn/condition.npy", "drawn/dt.npy", "drawn/name.npy",
          "drawn/u.npy",
          "drawn/window.npy", "drawn/y.npy",
        ])
      #expect(
        FileManager.default.contents(atPath: folder.file("drawn.npz"))
          == FileManager.default.contents(atPath: folder.file("again.npz")))
      let script = try folder.write(
        """
        import sys, zipfile
        import numpy as np
        folder = sys.argv[1]
        assert zipfile.ZipFile(folder + "/drawn.npz").testzip() is None
        drawn = np.load(folder + "/drawn.npz", allow_pickle=False)
        assert sorted(drawn.files) == ["condition", "dt", "name", "u", "window", "y"]
        assert drawn["dt"] == 10 and drawn["name"].tolist() == ["context-integration-drawn"]
        for name in drawn.files:
            assert np.array_equal(drawn[name], np.load(folder + "/drawn/" + name + ".npy"))
        assert drawn["u"].shape == (4, 70, 4) and drawn["u"].dtype == np.float64
        assert drawn["y"].shape == (4, 70, 1) and drawn["window"].shape == (4, 70)
        assert drawn["condition"].tolist() == [0, 1, 2, 3]
        assert drawn["window"].sum(axis=1).tolist() == [20] * 4 and drawn["window"][:, 50:].all()
        assert drawn["y"][:, 0, 0].tolist() == [-1, 1, -1, 1]
        assert (drawn["u"][:2, :, 2] == 1).all() and (drawn["u"][2:, :, 3] == 1).all()
        print("fine")
        """, to: "check.py")
      let seen = try python(script, folder.path)
      #expect(seen.output == "fine\n", "\(seen)")
    }
  }

  @Test(arguments: [
    (["flip-flip"], "unknown task 'flip-flip'; did you mean 'flip-flop'?"),
    (["delayed-nonmatch", "--form", "long"], "unknown form 'long'; it has 'short' or 'full'"),
    (["cue-association", "--option", "cues"], "--option 'cues'; wanted: name=value"),
    (["cue-association", "--option", "cues=x"], "--option 'cues=x'; wanted: name=value"),
    (["cue-association", "--option", "cues=2", "--option", "cues=4"], "'cues' is given twice"),
    (["cue-association", "--option", "cues=3"], "'cues' is 3.0; wanted: an even number"),
    (["cue-association", "--step", "0"], "time.step is 0.0 ms"),
    (["cue-association", "--columns", "0"], "--columns is 0; wanted: at least 1"),
    (["--draw", "x"], "--draw, --figure, --form and --option need a task"),
  ])
  func mistakesAreUsageErrors(arguments: [String], message: String) throws {
    let result = try run([try Repository.program("trifactor"), "tasks"] + arguments)
    #expect(result.code == 64, "\(result)")
    #expect(result.errors.contains(message), "\(result)")
    #expect(result.output.isEmpty)
  }

  @Test(arguments: ["/proc/drawn", "/proc/drawn.npz"])
  func aFolderThatCannotBeWrittenIsAnInputOutputError(path: String) throws {
    let result = try trifactor("tasks", "delayed-xor", "--draw", path)
    #expect(result.code == 74 && result.errors.contains("cannot write to '\(path)'"), "\(result)")
  }
}
