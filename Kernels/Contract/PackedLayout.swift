/// Where the parts of a weight matrix lie once it is repacked for the kernels.
///
/// Sixteen rows form a group, one row a 32-bit lane, so that one vector holds the same four columns of sixteen rows and no
/// kernel ever sums across lanes. A group is a few planes, each a sequential stream over the columns:
///
///     quants   32 columns: 8 quads of 4 columns × 16 rows; two quads share a vector at 4 bits, four at 2 bits
///     high     the fifth bit (64 bytes for 32 columns) or the fifth and sixth (128 bytes)
///     scales   for 32 columns: f16[16] (and f16[16] minima), bf16[16] for MXFP4, u8/i8[2][16] for the K formats, i8[16] for IQ4_XS
///     supers   K formats and IQ4_XS, for 256 columns: f16[16] (and f16[16] for the minima)
///
/// F32 and F16 are [column][16 rows]; BF16 is [column pair][16 rows][2], which is what AMX tiles read.
public struct PackedLayout: Sendable, Equatable {
  package let format: WeightFormat
  package let rows: Int
  /// Columns of the matrix, and the same rounded up to whole blocks of 32.
  package let columns: Int
  package let depth: Int
  package let highOffset: Int
  package let scaleOffset: Int
  package let superOffset: Int
  /// Bytes from one group to the next; a multiple of 64.
  package let groupBytes: Int

  package static let groupRows = 16

  package init(format: WeightFormat, rows: Int, columns: Int) {
    self.format = format
    self.rows = rows
    self.columns = columns
    depth = (columns + 31) / 32 * 32
    let blocks = depth / 32
    highOffset = blocks * Self.quantBytes(format)
    scaleOffset = highOffset + blocks * Self.highBytes(format)
    superOffset = scaleOffset + blocks * Self.scaleBytes(format)
    groupBytes = (superOffset + (depth + 255) / 256 * Self.superBytes(format) + 63) / 64 * 64
  }

  package var groups: Int { (rows + 15) / 16 }
  package var bytes: Int { groups * groupBytes }

  // Public, as the formats and the activations' rows are: what is `package` is called, never inlined, from another module, and a
  // call in a kernel's loop drives its sums from the registers.

  /// Bytes of a group's planes for 32 columns.
  @inlinable @inline(__always) public static func quantBytes(_ format: WeightFormat) -> Int {
    switch format {
    case .f32: 2048
    case .f16, .bf16: 1024
    case .q8_0: 512
    case .q4_0, .q4_1, .q5_0, .q5_1, .q4_K, .q5_K, .q6_K, .iq4_nl, .iq4_xs, .mxfp4: 256
    case .q2_K, .q3_K: 128
    }
  }

  @inlinable @inline(__always) public static func highBytes(_ format: WeightFormat) -> Int {
    switch format {
    case .q5_0, .q5_1, .q5_K, .q3_K: 64
    case .q6_K: 128
    default: 0
    }
  }

  @inlinable @inline(__always) public static func scaleBytes(_ format: WeightFormat) -> Int {
    switch format {
    case .f32, .f16, .bf16: 0
    case .q4_1, .q5_1: 64
    case .iq4_xs: 16
    default: 32
    }
  }

  /// Bytes of a group's plane for 256 columns.
  package static func superBytes(_ format: WeightFormat) -> Int {
    switch format {
    case .q2_K, .q4_K, .q5_K: 64
    case .q3_K, .q6_K, .iq4_xs: 32
    default: 0
    }
  }
}
