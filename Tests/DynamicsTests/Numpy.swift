import Foundation
import TestSupport

/// Runs a script that finds `input` as `data` (decoded from JSON) and numpy as `np`, and leaves its result in `answer`.
func numpy<Answer: Decodable>(
  _ script: String, _ input: some Encodable, as type: Answer.Type
) throws -> Answer {
  try withTemporaryFolder("numpy") { folder in
    try folder.write(Array(JSONEncoder().encode(input)), to: "input.json")
    let program = """
      import json, sys
      import numpy as np
      data = json.load(open(sys.argv[1]))
      \(script)
      json.dump(answer, open(sys.argv[2], "w"))
      """
    let path = try folder.write(program, to: "program.py")
    let result = try python(path, folder.file("input.json"), folder.file("answer.json"))
    guard result.end == .exited(0) else { throw ProcessFailure("\(result)") }
    return try JSONDecoder().decode(
      type, from: Data(contentsOf: URL(fileURLWithPath: folder.file("answer.json"))))
  }
}
