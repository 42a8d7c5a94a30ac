import CMalloc
import CSQLite

/// The memory of the process: how the allocator of the system's C library keeps it. Called before a database is opened.
enum Allocator {
  /// Bounds what it keeps. A search takes some megabytes for a moment, on whichever worker it runs, and an import for each
  /// batch: they are to be used again and not kept in a heap for each thread, and the largest blocks are to go back to the
  /// system. With smaller ones going back too, a quarter of a search's time was the system's clearing of pages.
  static func bound() {
    share()
    mallopt(M_MMAP_THRESHOLD, 4 << 20)
    mallopt(M_TRIM_THRESHOLD, 16 << 20)
  }

  /// For a process that takes the same large blocks again and again until it ends: none of them goes back to the system, which
  /// would have to clear each page anew.
  static func keep() {
    share()
    mallopt(M_MMAP_THRESHOLD, 32 << 20)
    mallopt(M_TRIM_THRESHOLD, CInt.max)
  }

  /// Two heaps are enough, and SQLite counts nothing: it takes a lock for that at each piece of memory, one for all connections,
  /// some two hundred times for a speech that is written, and nobody asks for the count.
  private static func share() {
    mallopt(M_ARENA_MAX, 2)
    _ = rostrum_sqlite_count_memory(0)
  }
}
