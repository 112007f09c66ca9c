import Glibc

/// How a library is told its number of threads. Declared with whole registers, like `cblas_sgemm`.
struct ThreadControl {
  /// Sets the number and returns what restores the one before.
  let exchange: (_ count: Int) -> Int

  private typealias Set = @convention(c) (Int) -> Void
  private typealias Get = @convention(c) () -> Int32
  private typealias Exchange = @convention(c) (Int) -> Int32

  /// Setter and getter of OpenBLAS (and of its builds with other names), BLIS and FlexiBLAS.
  private static let pairs = [
    ("openblas_set_num_threads", "openblas_get_num_threads"),
    ("openblas_set_num_threads64_", "openblas_get_num_threads64_"),
    ("scipy_openblas_set_num_threads", "scipy_openblas_get_num_threads"),
    ("scipy_openblas_set_num_threads64_", "scipy_openblas_get_num_threads64_"),
    ("bli_thread_set_num_threads", "bli_thread_get_num_threads"),
    ("flexiblas_set_num_threads", "flexiblas_get_num_threads"),
  ]

  /// Nil for a library with none of these.
  init?(_ library: UnsafeMutableRawPointer) {
    // MKL's own number for the calling thread: 0 stands for the common one.
    if let symbol = dlsym(library, "MKL_Set_Num_Threads_Local") {
      let exchange = unsafeBitCast(symbol, to: Exchange.self)
      self.exchange = { Int(exchange($0)) }
      return
    }
    for (setter, getter) in Self.pairs {
      guard let set = dlsym(library, setter), let get = dlsym(library, getter) else { continue }
      let (setCount, count) = (unsafeBitCast(set, to: Set.self), unsafeBitCast(get, to: Get.self))
      exchange = {
        let before = Int(count())
        setCount($0)
        return before
      }
      return
    }
    return nil
  }
}
