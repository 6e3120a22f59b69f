/// First in, first out, each step in constant time on average: what comes goes on one pile, and the pile is turned over
/// when there is nothing left to take.
struct Queue<Element> {
  private var coming: [Element] = []
  private var leaving: [Element] = []

  mutating func append(_ element: Element) { coming.append(element) }

  mutating func popFirst() -> Element? {
    if leaving.isEmpty {
      leaving = coming.reversed()
      coming.removeAll(keepingCapacity: true)
    }
    return leaving.popLast()
  }
}

extension Queue: Sendable where Element: Sendable {}
