import Glibc

/// Lets time go by on this thread.
func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }
