import Testing

@testable import Tasks

@Suite struct TaskCatalogueTests {
  let grid = TimeGrid(step: 15)

  @Test func namesAreUniqueAndFormsNonEmpty() {
    let names = TaskCatalogue.descriptions.map(\.name)
    #expect(Set(names).count == names.count)
    for description in TaskCatalogue.descriptions {
      #expect(!description.forms.isEmpty && !description.source.isEmpty && !description.summary.isEmpty)
    }
  }

  @Test func everyFormCanBeMade() throws {
    for description in TaskCatalogue.descriptions {
      for form in description.forms {
        let task = try TaskCatalogue.make(name: description.name, form: form, time: grid)
        #expect(type(of: task).name == description.name)
        #expect(task.steps > 0 && task.conditions > 0 && task.inputs > 0 && task.outputs > 0)
        #expect(0 <= task.chance && task.chance <= task.shortcut && task.shortcut <= task.ceiling)
        // Two levels tell two trajectories apart: accuracy alone says nothing there.
        #expect(task.shortcut < task.ceiling || description.name == "cue-trajectory")
        #expect(task.ceiling <= 1)
      }
    }
  }

  func message(
    _ name: String, form: String? = nil, _ options: [String: [Double]] = [:], step: Double = 15,
    trial: Double? = nil
  ) -> String {
    do {
      _ = try TaskCatalogue.make(
        name: name, form: form, options: options, time: TimeGrid(step: step, trial: trial))
      return "made"
    } catch {
      return "\(error)"
    }
  }

  @Test func errorsSayWhatWasSeenAndWhatIsPossible() {
    #expect(message("cue-asociation").contains("did you mean 'cue-association'?"))
    #expect(
      message("delayed-nonmatch", form: "long")
        == "task delayed-nonmatch: unknown form 'long'; it has 'short' or 'full'")
    #expect(
      message("cue-association", ["ques": [4]])
        == "task cue-association: unknown option 'ques'; did you mean 'cues'? It has 'cues'")
    #expect(message("delayed-xor", ["cues": [4]]).contains("this task has no options"))
    #expect(message("cue-association", ["cues": [3]]).contains("'cues' is 3.0; wanted: an even number"))
    #expect(message("cue-association", ["cues": [2.5]]).contains("one whole number in 2...1024"))
    #expect(message("cue-association", ["cues": [2, 4]]).contains("is [2.0, 4.0]"))
    #expect(message("cue-association", ["cues": [.nan]]).contains("finite numbers are wanted"))
    #expect(message("perceptual-decision", ["stimulus": [500]]).contains("set form: full"))
    #expect(message("perceptual-decision", ["coherences": [-1]]).contains("0...10.0"))
    #expect(message("delayed-nonmatch", ["first": [0, 500]]).contains("two rising times"))
    #expect(message("delayed-nonmatch", ["first": [0, 200]]).contains("starts after the first one ends"))
  }

  @Test func gridsThatHoldNoStepAreRefused() {
    #expect(message("cue-association", step: 0).contains("time.step is 0.0 ms"))
    #expect(message("cue-association", step: -1).contains("wanted: a positive number"))
    #expect(message("cue-association", step: .infinity).contains("time.step is inf ms"))
    #expect(message("cue-association", trial: 0).contains("time.trial is 0.0 ms"))
    #expect(message("cue-association", trial: 10).contains("holds no step of 15.0 ms"))
    #expect(message("cue-association", step: 1e-6).contains("ten million steps"))
    #expect(message("cue-association", step: 200).contains("epoch 'cue'"))
    #expect(message("delayed-nonmatch", step: 90).contains("epoch 'first'"))
  }

  @Test func nearestNamesAndLists() {
    #expect(editDistance("kitten", "sitting") == 3)
    #expect(editDistance("", "abc") == 3)
    #expect(nearestName(to: "x", in: []) == nil)
    #expect(quotedList([]) == "none")
    #expect(quotedList(["a", "b", "c"]) == "'a', 'b' or 'c'")
  }
}
