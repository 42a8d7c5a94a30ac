import CMalloc

/// The allocator of the system's C library.
enum Allocator {
  /// Bounds what it keeps. A search takes some megabytes for a moment, on whichever worker it runs, and an import for each
  /// batch: they are to be used again and not kept in a heap for each thread, and the largest blocks are to go back to the
  /// system. With smaller ones going back too, a quarter of a search's time was the system's clearing of pages.
  static func bound() {
    mallopt(M_ARENA_MAX, 2)
    mallopt(M_MMAP_THRESHOLD, 4 << 20)
    mallopt(M_TRIM_THRESHOLD, 16 << 20)
  }

  /// For a process that takes the same large blocks again and again until it ends: none of them goes back to the system, which
  /// would have to clear each page anew.
  static func keep() {
    mallopt(M_ARENA_MAX, 2)
    mallopt(M_MMAP_THRESHOLD, 32 << 20)
    mallopt(M_TRIM_THRESHOLD, CInt.max)
  }
}
