/// The most steps of a trial whose tables are kept in the caches at a time.
let longestBlock = 36

/// Steps of a block: the trial in the fewest blocks of at most `longestBlock`, all but the last equally long.
@inline(__always)
func blockLength(_ steps: Int) -> Int {
  let blocks = max(1, (steps + longestBlock - 1) / longestBlock)
  return max(1, (steps + blocks - 1) / blocks)
}
