import Sweep
import Tasks

extension SettingsSchema {
  /// What a sweep file of this program may say: its settings with the tasks of the catalogue.
  static let trifactor = SettingsSchema(
    tasks: TaskCatalogue.descriptions.map { description in
      TaskEntry(
        name: description.name, forms: description.forms,
        options: Dictionary(uniqueKeysWithValues: description.options.map { ($0.name, $0.standard.list) })
      ) { form, options, time in
        let grid = TimeGrid(step: time.step, trial: time.trial)
        let task = try TaskCatalogue.make(name: description.name, form: form, options: options, time: grid)
        return TaskShape(
          inputs: task.inputs, outputs: task.outputs, steps: task.steps, hasMovingTarget: task.hasMovingTarget
        )
      }
    })
}

extension OptionValue {
  fileprivate var list: [Double] {
    switch self {
    case .number(let number): [number]
    case .numbers(let numbers): numbers
    }
  }
}
