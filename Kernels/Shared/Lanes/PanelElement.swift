import CIntrinsics

/// An element type that sixteen neighbours of are loaded as Floats.
protocol PanelElement {
  static var bytes: Int { get }
  static func load(_ p: UnsafeRawPointer) -> FloatLanes
}

enum Float32Element: PanelElement {
  static let bytes = 4
  @inline(always) static func load(_ p: UnsafeRawPointer) -> FloatLanes { p.floats() }
}

enum Float16Element: PanelElement {
  static let bytes = 2
  @inline(always) static func load(_ p: UnsafeRawPointer) -> FloatLanes { load_f16(p) }
}

enum BFloat16Element: PanelElement {
  static let bytes = 2
  @inline(always) static func load(_ p: UnsafeRawPointer) -> FloatLanes { load_bf16(p) }
}

/// Without its scale.
enum Int8Element: PanelElement {
  static let bytes = 1
  @inline(always) static func load(_ p: UnsafeRawPointer) -> FloatLanes { load_i8(p) }
}
