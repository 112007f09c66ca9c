/// A binary heap, smallest element first, that keeps its storage when emptied.
struct PriorityQueue<Element: Comparable> {
  private var heap: [Element] = []

  mutating func push(_ element: Element) {
    heap.append(element)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard element < heap[parent] else { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = element
  }

  mutating func pop() -> Element? {
    guard let smallest = heap.first, let last = heap.popLast() else { return nil }
    if heap.isEmpty { return smallest }
    var hole = 0
    while true {
      var child = 2 * hole + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < last else { break }
      heap[hole] = heap[child]
      hole = child
    }
    heap[hole] = last
    return smallest
  }
}
