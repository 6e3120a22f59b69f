import Foundation
import TestSupport
import Testing

@Suite(.startsPrograms) struct DynamicsCommandTests {
  /// Two cells of a degree each.
  static let text = """
    name: still
    question: What did learning do to the fixed points?
    base:
      trials: 30
      network: {units: 16}
      meta: {iterations: 4, lifetimes: 2, validation-networks: 2, validation-every: 2}
      evaluation: {networks: 3, criterion: {correct: 8, of: 10}}
    axes:
      rule.degree: [1, 2]

    """

  /// numpy on the exported J and W: eigenvalues, Henrici's index, p, residuals; and the accuracies of the three
  /// lifetimes are those that the sweep's own evaluation has stored. Prints the worst errors.
  static let check = """
    import json, sys
    import numpy as np
    from trifactor import shards
    folder, out, key, network = sys.argv[1], sys.argv[2], int(sys.argv[3], 16), int(sys.argv[4])
    a = {n: np.load(f"{folder}/{n}.npy") for n in ("J", "W", "Win", "x", "u", "p", "henrici", "eigenvalues_real",
         "eigenvalues_imaginary", "point_stage", "point_condition", "point_residual", "late_accuracy", "stages")}
    worst = dict(eigenvalues=0.0, henrici=0.0, p=0.0, jacobian=0.0, residual=0.0)
    for q, J in enumerate(a["J"]):
        W, x, u = a["W"][a["point_stage"][q]], a["x"][q], a["u"][a["point_condition"][q] + 1]
        mine = -np.eye(len(x)) + W * (1 - np.tanh(x) ** 2)
        worst["jacobian"] = max(worst["jacobian"], abs(J - mine).max())
        F = -x + W @ np.tanh(x) + a["Win"] @ u
        worst["residual"] = max(worst["residual"], np.linalg.norm(F))
        free = list(np.linalg.eigvals(J))
        for value in a["eigenvalues_real"][q] + 1j * a["eigenvalues_imaginary"][q]:
            place = int(np.argmin(abs(np.array(free) - value)))
            worst["eigenvalues"] = max(worst["eigenvalues"], abs(free.pop(place) - value))
        henrici = np.linalg.norm(J) ** 2 - np.sum(abs(np.linalg.eigvals(J)) ** 2)
        worst["henrici"] = max(worst["henrici"], abs(henrici - a["henrici"][q]) / max(1, henrici))
        p = np.linalg.solve(-J, a["Win"])
        worst["p"] = max(worst["p"], abs(p - a["p"][q]).max() / max(1, abs(p).max()))
    stored = {}
    for array in shards.load(out).evaluations.values():
        for record in array[(array["cell"] == key) & (array["network"] == network)]:
            stored[int(record["role"])] = float(record["late_accuracy"])
    same = [stored[role] for role in range(3)] == a["late_accuracy"][1:].tolist()
    print(json.dumps(dict(worst=worst, points=len(a["J"]), same=same, stages=a["stages"].tolist())))
    """

  struct Answer: Decodable {
    var worst: [String: Double]
    var points: Int
    var same: Bool
    var stages: [String]
  }

  /// Tolerances: 1e-10 is the store's promise for residuals; two LAPACKs differ by eps times an eigenvalue's condition,
  /// far less at N = 16.
  @Test func exportAgreesWithNumpyAndWithTheEvaluation() throws {
    let sweep = try TinySweep(Self.text)
    let ran = try run(sweep.arguments(), limit: 120)
    #expect(ran.end == .exited(0), "\(ran)")

    let all = try trifactor("dynamics", sweep.out, "--starts", "20", "--json")
    #expect(all.code == 0, "\(all)")
    let cells = try #require(
      try JSONSerialization.jsonObject(with: Data(all.output.utf8)) as? [[String: Any]])
    #expect(cells.count == 2)
    let key = try #require(cells[0]["cell"] as? String)

    let target = sweep.folder.file("arrays")
    let one = try trifactor(
      "dynamics", sweep.out, "--cell", key, "--network", "1", "--starts", "40", "--export", target)
    #expect(one.code == 0 && one.errors.isEmpty, "\(one)")
    #expect(one.output.hasPrefix("cell \(key) ") && one.output.contains("learned, late accuracy "), "\(one)")
    let names = try FileManager.default.contentsOfDirectory(atPath: sweep.out + "/dynamics")
    #expect(names.count == 3 && names.contains("\(key)-n1.npz"), "\(names)")

    let checked = try python("-c", Self.check, target, sweep.out, key, "1")
    let answer = try JSONDecoder().decode(Answer.self, from: Data(checked.output.utf8))
    #expect(answer.stages == ["before", "learned", "start", "none"])
    #expect(answer.points > 0 && answer.same, "\(checked)")
    for (name, error) in answer.worst { #expect(error <= 1e-10, "\(name): \(error)") }
    print("dynamics export against numpy, \(answer.points) points: \(answer.worst)")

    // Records a network, stage and held input; what is there is not computed again, and verify knows it.
    let path = URL(fileURLWithPath: sweep.out + "/dynamics/\(key)-n1.npz")
    let before = try Data(contentsOf: path)
    let export = sweep.folder.file("dynamics.csv")
    func rows() throws -> [Substring] {
      let result = try trifactor("export", sweep.out, "--dynamics", "--to", export)
      #expect(result.code == 0, "\(result)")
      return try String(contentsOfFile: export, encoding: .utf8).split(separator: "\n")
    }
    let stored = try rows()
    #expect(stored.count == 1 + 3 * 4 * 5, "3 networks, 4 stages, no input and 4 cues: \(stored.count)")
    let again = try trifactor("dynamics", sweep.out, "--cell", key, "--network", "1", "--starts", "40")
    #expect(again.output.contains("0 network runs computed now, 1 were there"), "\(again)")
    #expect(again.output.dropLast(90) == one.output.dropLast(90), "from the records as from the lifetimes")
    let verified = try trifactor("verify", sweep.out)
    #expect(
      verified.code == 0 && verified.output.contains("dynamics-d1.00000.npy  40 records"), "\(verified)")

    // Made anew, the same bytes and numbers; a record more of each, of which the last counts.
    try FileManager.default.removeItem(at: path)
    let anew = try trifactor("dynamics", sweep.out, "--cell", key, "--network", "1", "--starts", "40")
    #expect(anew.output.contains("1 network runs computed now, 0 were there"), "\(anew)")
    #expect(try Data(contentsOf: path) == before && rows() == stored)
    #expect(try trifactor("verify", sweep.out).output.contains("dynamics-d1.00000.npy  60 records"))

    // While a living program writes into the folder nothing is added, and what is there is still shown.
    try lock(sweep.out + "/lock")
    let refused = try trifactor("dynamics", sweep.out, "--cell", key, "--starts", "30")
    #expect(refused.code == 69 && refused.errors.contains("/lock"), "\(refused)")
    let shown = try trifactor("dynamics", sweep.out, "--cell", key, "--network", "1", "--starts", "40")
    #expect(shown.code == 0 && shown.output == again.output, "\(shown)")
    try FileManager.default.removeItem(atPath: sweep.out + "/lock")

    // The run goes on as if nothing had been added.
    let more = try run(sweep.arguments(), limit: 120)
    #expect(more.end == .exited(0), "\(more)")
    #expect(try rows() == stored)
  }

  /// Takes a folder for this process, as a run of it would.
  private func lock(_ path: String) throws {
    func line(_ name: String) throws -> String {
      try String(contentsOfFile: "/proc/sys/kernel/" + name, encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
    let stat = try String(contentsOfFile: "/proc/self/stat", encoding: .utf8)
    let fields = try #require(stat.split(separator: ")").last).split(separator: " ")
    let holder: [String: Any] = [
      "host": try line("hostname"),
      "pid": ProcessInfo.processInfo.processIdentifier, "pidStart": try #require(UInt64(fields[19])),
      "boot": try line("random/boot_id"),
      "heartbeat": Date().timeIntervalSince1970,
    ]
    let bytes = try JSONSerialization.data(withJSONObject: holder)
    let padding = Data(repeating: 0x20, count: 511 - bytes.count) + Data([0x0A])
    try (bytes + padding).write(to: URL(fileURLWithPath: path))
  }

  @Test func aFolderWithoutRulesIsRefused() throws {
    let result = try trifactor("dynamics", "sweeps/quickstart.yaml")
    #expect(result.code == 64 && result.errors.contains("is a sweep file; wanted: the folder"), "\(result)")
    let export = try trifactor("dynamics", "out", "--export", "somewhere")
    #expect(export.code == 64 && export.errors.contains("--export writes one network"), "\(export)")
    let none = try trifactor("export", "sweeps", "--dynamics", "--to", "/tmp/none.csv")
    #expect(none.code == 64 && none.errors.contains("is no result folder"), "\(none)")
  }
}
