/// How tasks fill a trial. The arrays keep their sizes; nothing is allocated.
extension Trial {
  /// Every input 0, every target `value`, the response window and the condition as given.
  mutating func begin(condition: Int, window: Range<Int>, target value: Float) {
    for n in inputs.indices { inputs[n] = 0 }
    for n in target.indices { target[n] = value }
    self.window = window
    self.condition = condition
  }

  /// Sets input `channel` of `channels` to `value` during `epoch`.
  mutating func set(_ channel: Int, of channels: Int, to value: Float, during epoch: Range<Int>) {
    for t in epoch { inputs[t * channels + channel] = value }
  }
}
