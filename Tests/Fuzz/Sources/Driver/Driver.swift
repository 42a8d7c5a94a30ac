import Glibc

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// Gives libFuzzer a test and the arguments of the program; ends the process when it has enough.
public func fuzz(_ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32) -> Never {
  var count = CommandLine.argc
  var arguments = CommandLine.unsafeArgv
  exit(runDriver(&count, &arguments, test))
}

/// Cuts bytes at places that a number says: the same number, the same places.
public func cut(_ bytes: ArraySlice<UInt8>, by number: UInt8) -> [ArraySlice<UInt8>] {
  var state = UInt32(number) &* 2_654_435_761 | 1
  var pieces: [ArraySlice<UInt8>] = []
  var rest = bytes
  while !rest.isEmpty {
    state ^= state << 13
    state ^= state >> 17
    state ^= state << 5
    // Every other number cuts into single bytes.
    let size = number & 1 == 1 ? 1 : 1 + Int(state % 23)
    pieces.append(rest.prefix(size))
    rest = rest.dropFirst(size)
  }
  return pieces
}
