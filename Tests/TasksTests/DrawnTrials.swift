import Kernels

@testable import Tasks

/// A task for tests, made with the catalogue's own checks.
func make(
  _ name: String, form: String? = nil, options: [String: [Double]] = [:], step: Double = 15,
  trial: Double? = nil
) throws -> any CatalogueTask {
  try TaskCatalogue.makeTask(
    name: name, form: form, options: options, time: TimeGrid(step: step, trial: trial))
}

/// Every name and form of the catalogue.
let everyForm: [(name: String, form: String)] = TaskCatalogue.descriptions.flatMap { description in
  description.forms.map { (description.name, $0) }
}

/// Calls `body` with `count` trials, `perLifetime` to a lifetime, drawn as a run would draw them.
func forTrials(
  of task: any CatalogueTask, count: Int, perLifetime: Int = 20, seed: UInt64 = 1,
  _ body: (Trial, LifetimeDraw) -> Void
) {
  var trial = Trial(for: task)
  var lifetime = LifetimeDraw()
  for index in 0..<count {
    let life = UInt32(index / perLifetime)
    if index % perLifetime == 0 {
      var stream = RandomStream(seed: seed, purpose: 1, lifetime: life)
      lifetime = task.drawLifetime(&stream)
    }
    var stream = RandomStream(seed: seed, purpose: 2, lifetime: life, trial: UInt32(index % perLifetime))
    task.drawTrial(&trial, lifetime: lifetime, stream: &stream)
    body(trial, lifetime)
  }
}
