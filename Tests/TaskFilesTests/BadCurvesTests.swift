import TestSupport
import Testing

/// Wrong responses and curves.
@Suite struct BadCurvesTests {
  @Test(arguments: inputs) func isRefused(_ input: BadInput) { input.expectRefusal() }

  private static let match = BadInput.match
  private static let curves = BadInput.curves

  static let inputs = [
    BadInput(
      "a response to an unknown period", in: match, "respond: decision", "respond: decison",
      "15:10: respond should name a period, and is `decison`; did you mean `decision`?",
      "The periods are sample, delay, test, decision."),
    BadInput(
      "a response with a gap", in: match, "respond: decision", "respond: [sample, decision]",
      "15:10: the response leaves out `delay`, which lies between its periods",
      "The response window is one stretch of time: name all periods from its first to its last."),
    BadInput(
      "a response to nothing", in: match, "respond: decision", "respond: []",
      "15:10: respond names no period",
      "The periods are sample, delay, test, decision."),
    BadInput(
      "an unknown curve", in: curves, "{cue: b, x: q}", "{cue: b, x: qq}",
      "7:42: the target `x` should be a number from -1000 to 1000 or a curve, and is `qq`; did you mean `q`?",
      "The curves are p, q."),
    BadInput(
      "a curve that no row asks for", in: curves, "{cue: b, x: q}", "{cue: b, x: 1}",
      "4:43: no row asks for the curve `q`",
      "Name it as the target of an output, or remove it."),
    BadInput(
      "a misspelt key of a curve", in: curves, "sines: 2", "sine: 2",
      "4:14: unknown key `sine` in the curve `p`; did you mean `sines`?",
      "Write {sines: 2, cycles: [0.5, 2]}, {samples: [0, 1, 0]} or {file: curve.npy}."),
    BadInput(
      "too many sines", in: curves, "sines: 2", "sines: 50",
      "4:21: sines of the curve `p` should be a whole number from 1 to 32, and is `50`",
      "It is how many sinusoids the curve is the mean of."),
    BadInput(
      "sines without cycles", in: curves, "{sines: 2, cycles: [0.5, 2]}", "{sines: 2}",
      "4:13: the curve `p` has sines and no cycles",
      "Write {sines: 2, cycles: [0.5, 2]}, {samples: [0, 1, 0]} or {file: curve.npy}."),
    BadInput(
      "sines and samples", in: curves, "sines: 2,", "sines: 2, samples: [0],",
      "4:13: the curve `p` should have one of sines, samples and file",
      "Write {sines: 2, cycles: [0.5, 2]}, {samples: [0, 1, 0]} or {file: curve.npy}."),
    BadInput(
      "samples with cycles", in: curves, "{samples: [0, 1, 0]}", "{samples: [0, 1, 0], cycles: [1, 2]}",
      "4:75: the curve `q` has cycles and no sines",
      "cycles belongs to sines; remove it."),
    BadInput(
      "sines that stay", in: curves, "cycles: [0.5, 2]}", "cycles: [0.5, 2], redraw: never}",
      "4:50: redraw of the curve `p` should be lifetime, and is `never`",
      "Sinusoids are drawn once a lifetime; for a curve that stays give samples or a file."),
    BadInput(
      "text among samples", in: curves, "[0, 1, 0]", "[0, one, 0]",
      "4:60: a sample of the curve `q` should be a number from -1000 to 1000, and is `one`",
      "Write one plain number."),
    BadInput(
      "a curve in a file that is not there", in: curves, "{samples: [0, 1, 0]}", "{file: q.npy}",
      "4:53: the file `q.npy` of the curve `q` cannot be read: there is no such file",
      "Paths are relative to the folder of the task file."),
    BadInput(
      "a curve in a file elsewhere", in: curves, "{samples: [0, 1, 0]}", "{file: ../q.npy}",
      "4:53: the file of the curve `q` should be an .npy file beside the task file, and is `../q.npy`",
      "Write it with numpy.save into the same folder."),
    BadInput(
      "a curve in text", in: curves, "{samples: [0, 1, 0]}", "{file: q.csv}",
      "4:53: the file of the curve `q` should be an .npy file beside the task file, and is `q.csv`",
      "Write it with numpy.save into the same folder."),
  ]
}
