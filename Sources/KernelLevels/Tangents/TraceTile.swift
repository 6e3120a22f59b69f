/// Sizes of a tile of edot: directions x sources (j) accumulators of one vector over i.
enum TraceTile {
  #if KERNELS_v4
    static let directions = 6
    static let sources = 4
  #elseif KERNELS_v3
    static let directions = 6
    static let sources = 1
  #else
    static let directions = 2
    static let sources = 1
  #endif
}
