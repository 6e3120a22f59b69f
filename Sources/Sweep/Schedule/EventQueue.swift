/// Events by time, earliest first, equal times in the order they were added; a binary heap.
struct EventQueue<Event: Sendable>: Sendable {
  private struct Entry: Sendable {
    var time: Double
    var number: Int
    var event: Event
  }

  private var heap: [Entry] = []
  private var added = 0

  var isEmpty: Bool { heap.isEmpty }
  var nextTime: Double? { heap.first?.time }

  mutating func add(_ event: Event, at time: Double) {
    heap.append(Entry(time: time, number: added, event: event))
    added += 1
    var child = heap.count - 1
    while child > 0, precedes(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popFirst() -> (time: Double, event: Event)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sift()
    }
    return (first.time, first.event)
  }

  private mutating func sift() {
    var parent = 0
    while true {
      var best = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(child, best) {
        best = child
      }
      if best == parent { return }
      heap.swapAt(best, parent)
      parent = best
    }
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    (heap[a].time, heap[a].number) < (heap[b].time, heap[b].number)
  }
}
