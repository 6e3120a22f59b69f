import HeapModule

/// Events by time, earliest first, equal times in the order they were added.
struct EventQueue<Event: Sendable>: Sendable {
  private struct Entry: Sendable, Comparable {
    var time: Double
    var number: Int
    var event: Event

    static func < (a: Entry, b: Entry) -> Bool { (a.time, a.number) < (b.time, b.number) }
    static func == (a: Entry, b: Entry) -> Bool { (a.time, a.number) == (b.time, b.number) }
  }

  private var heap = Heap<Entry>()
  private var added = 0

  mutating func add(_ event: Event, at time: Double) {
    heap.insert(Entry(time: time, number: added, event: event))
    added += 1
  }

  mutating func popFirst() -> (time: Double, event: Event)? {
    heap.popMin().map { ($0.time, $0.event) }
  }
}
