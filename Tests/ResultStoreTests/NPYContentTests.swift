import Foundation
import ResultStore
import TestSupport
import Testing

/// Arrays of others: what NumPy writes is read, and nothing that an array file claims is believed.
@Suite(.startsPrograms) struct NPYContentTests {
  /// An NPY file with a header of one's own.
  static func file(_ header: String, data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    let text = Array(header.utf8) + [10]
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
    bytes += [UInt8(text.count & 255), UInt8(text.count >> 8)] + (version > 1 ? [0, 0] : [])
    return bytes + text + data
  }

  static func header(_ type: String, _ shape: String, fortran: String = "False") -> String {
    "{'descr': '\(type)', 'fortran_order': \(fortran), 'shape': \(shape), }"
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let numbers = try NPYContent(NPYArray([1.5, -2, .infinity, 0, 1e-300, 3], shape: [2, 3]).bytes)
    #expect(numbers.shape == [2, 3] && numbers.numbers == [1.5, -2, .infinity, 0, 1e-300, 3])
    #expect(try NPYContent(NPYArray([7, -8], shape: [2]).bytes).numbers == [7, -8])
    #expect(try NPYContent(NPYArray([4.5], shape: []).bytes) == NPYContent(NPYArray([4.5], shape: []).bytes))
    #expect(try NPYContent(NPYArray([4.5], shape: []).bytes).shape == [])
    #expect(try NPYContent(NPYArray(["a", "längst", ""]).bytes).values == .texts(["a", "längst", ""]))
  }

  /// Everything numpy may make of the numbers 0 to 5, and of an archive of them.
  @Test func numpysTypesAndOrdersAreRead() throws {
    let folder = try TemporaryFolder("numpy")
    let script = try folder.write(
      """
      import sys, io, numpy as np
      folder = sys.argv[1]
      a = np.arange(6).reshape(2, 3)
      for type in ["<f8", ">f8", "<f4", ">f4", "<i8", ">i8", "<i4", "<i2", ">i2", "|i1", "|u1", "<u2", "<u4", "<u8"]:
          np.save(f"{folder}/{type.replace('<', 'l').replace('>', 'b').replace('|', 'n')}.npy", a.astype(type))
      np.save(folder + "/fortran.npy", np.asfortranarray(a.astype(float)))
      np.save(folder + "/bool.npy", a > 2)
      np.save(folder + "/text.npy", np.array(["one", "three"], dtype=">U5"))
      np.lib.format.write_array(open(folder + "/second.npy", "wb"), a.astype(float), version=(2, 0))
      np.savez(folder + "/plain.npz", a=a, b=a > 2)
      np.savez_compressed(folder + "/packed.npz", a=a, b=a > 2)
      """, to: "write.py")
    #expect(try python(script, folder.path).code == 0)
    func read(_ name: String) throws -> NPYContent {
      try NPYContent(Array(Data(contentsOf: URL(fileURLWithPath: folder.file(name)))))
    }
    let files = folder.contents.filter { $0.hasSuffix(".npy") }
    #expect(files.count == 18)
    for file in files where !["bool.npy", "text.npy"].contains(file) {
      let array = try read(file)
      #expect(array.shape == [2, 3] && array.numbers == [0, 1, 2, 3, 4, 5], "\(file)")
    }
    #expect(try read("bool.npy").numbers == [0, 0, 0, 1, 1, 1])
    #expect(try read("text.npy").values == .texts(["one", "three"]))
    for name in ["plain.npz", "packed.npz"] {
      let archive = try NPZContent(Array(Data(contentsOf: URL(fileURLWithPath: folder.file(name)))))
      #expect(archive.files.keys.sorted() == ["a", "b"])
      #expect(try archive.array("a")?.numbers == [0, 1, 2, 3, 4, 5])
      #expect(try archive.array("c") == nil)
    }
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var bytes: [UInt8]
    var message: String
    var testDescription: String { message }
  }

  static let bad = [
    Bad(bytes: [], message: "it does not begin as an NPY file does; write it with numpy.save"),
    Bad(
      bytes: [0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      message: "it is a pickle, not an array; write it with numpy.save"),
    Bad(
      bytes: file(header("<f8", "(2,)"), data: Array(repeating: 0, count: 16), version: 9),
      message: "it has NPY version 9; 1 to 3 can be read"),
    Bad(
      bytes: file(header("<f8", "(1250000000,)"), data: Array(repeating: 0, count: 16)),
      message: "its header claims the shape (1250000000,) of <f8, 10000000000 bytes, and 16 bytes follow"),
    Bad(
      bytes: file(header("<f8", "(4611686018427387904, 8)")),
      message: "its header claims the shape (4611686018427387904, 8), beyond any memory"),
    Bad(
      bytes: file(header("<f8", "(2, 3)"), data: Array(repeating: 0, count: 40)),
      message: "its header claims the shape (2, 3) of <f8, 48 bytes, and 40 bytes follow"),
    Bad(
      bytes: file(header("|O", "(2,)"), data: Array(repeating: 0, count: 16)),
      message:
        "it holds Python objects (pickles), which are never read; make it an array of numbers with numpy.asarray"
    ),
    Bad(
      bytes: file(
        "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }",
        data: Array(repeating: 0, count: 8)),
      message: "it holds records; plain numbers are wanted"),
    Bad(
      bytes: file(header("<c16", "(1,)"), data: Array(repeating: 0, count: 16)),
      message: "its type is '<c16'; wanted: float64, float32, whole numbers, bool or text"),
    Bad(
      bytes: file(header("<f2", "(4,)"), data: Array(repeating: 0, count: 8)),
      message: "its type is '<f2'; wanted: float64, float32, whole numbers, bool or text"),
    Bad(
      bytes: file("{'descr': '<f8', 'shape': (1,), }", data: Array(repeating: 0, count: 8)),
      message: "its header does not say in which order it is: {'descr': '<f8', 'shape': (1,), }\n"),
    Bad(
      bytes: file(header("<f8", "(-1,)")),
      message:
        "its header does not say its shape: {'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }\n"),
    Bad(
      bytes: Array(file(header("<f8", "(2,)")).prefix(30)),
      message: "its header of 58 bytes is cut off or too long"),
  ]

  @Test(arguments: bad) func nothingIsBelieved(_ bad: Bad) {
    #expect(throws: NPYError(bad.message)) { try NPYContent(bad.bytes) }
  }

  static let badArchives = [
    (
      "import pickle; open(path, 'wb').write(pickle.dumps([1]))",
      "it is a pickle, which is never read; write it with numpy.savez"
    ),
    (
      "np.save(open(path, 'wb'), np.zeros(3))",
      "it is a single array (.npy); write all arrays into one file with numpy.savez"
    ),
    ("open(path, 'wb').write(b'hello')", "it is no NPZ archive; write it with numpy.savez"),
    (
      "np.savez(path, a=np.zeros(9)); b = open(path, 'rb').read(); open(path, 'wb').write(b[:-40])",
      "the archive is cut off or damaged: it has no readable directory; write or copy it again"
    ),
    (
      "np.savez(path, a=np.zeros(9)); b = bytearray(open(path, 'rb').read()); b[180] ^= 1; open(path, 'wb').write(b)",
      "'a.npy' in the archive fails its checksum; write or copy it again"
    ),
    (
      """
      z = zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED); z.writestr('a.npy', bytes(100)); z.close()
      b = bytearray(open(path, 'rb').read()); d = b.rindex(b'PK\\x01\\x02')
      b[d + 24:d + 28] = ((1 << 30) + 1).to_bytes(4, 'little'); open(path, 'wb').write(b)
      """,
      "its arrays would take 1073741825 bytes or more; at most 1073741824 are read"
    ),
    (
      "z = zipfile.ZipFile(path, 'w', zipfile.ZIP_BZIP2); z.writestr('a.npy', bytes(1000)); z.close()",
      "'a.npy' in the archive is packed by method 12; write it with numpy.savez"
    ),
    (
      """
      z = zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED); z.writestr('a.npy', bytes(100)); z.close()
      b = bytearray(open(path, 'rb').read()); d = b.rindex(b'PK\\x01\\x02'); b[d + 24:d + 28] = (900000000).to_bytes(4, 'little')
      open(path, 'wb').write(b)
      """,
      "'a.npy' in the archive claims a size that it cannot unpack to; write or copy it again"
    ),
    (
      """
      z = zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED); z.writestr('a.npy', bytes(100)); z.close()
      b = bytearray(open(path, 'rb').read()); d = b.rindex(b'PK\\x01\\x02'); b[d + 24:d + 28] = (90).to_bytes(4, 'little')
      open(path, 'wb').write(b)
      """,
      "'a.npy' in the archive does not unpack; write or copy it again"
    ),
  ]

  @Test(arguments: badArchives) func noArchiveIsBelieved(_ code: String, _ message: String) throws {
    let folder = try TemporaryFolder("archive")
    let path = folder.file("bad.npz")
    let script = try folder.write("import numpy as np, zipfile\npath = '\(path)'\n\(code)\n", to: "write.py")
    let made = try python(script)
    #expect(made.code == 0, "\(made)")
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(throws: NPYError(message)) { try NPZContent(bytes) }
  }
}
