import KernelContract

extension KernelProblem {
  /// The operation and its parameters as llama.cpp's `test-backend-ops perf` prints them, by which its rows and these join; nil
  /// where it has no operation that does the same on the same. Its m are our rows, its n our tokens.
  ///
  /// Source: llama.cpp, tests/test-backend-ops.cpp, `vars()` of test_mul_mat, test_flash_attn_ext and test_argmax.
  package var backendOperation: String? {
    switch self {
    case .product(let shape, let format):
      "MUL_MAT(type_a=\(format.ggmlName),type_b=f32,m=\(shape.rows),n=\(shape.tokens),k=\(shape.columns),bs=[1,1],nr=[1,1],"
        + "per=[0,1,2,3],k_v=0,o=1)"
    case .attention(let shape, let format):
      "FLASH_ATTN_EXT(hsk=\(shape.headSize),hsv=\(shape.headSize),nh=\(shape.keyValueHeads),"
        + "nr23=[\(shape.heads / shape.keyValueHeads),1],kv=\(shape.positions),nb=\(shape.tokens),mask=1,sinks=0,"
        + "max_bias=0.000000,logit_softcap=0.000000,prec=f32,type_K=\(format.rawValue),type_V=\(format.rawValue),"
        + "permute=[0,1,2,3])"
    case .sampling(.greedy, let vocabulary): "ARGMAX(type=f32,ne=[\(vocabulary),1,1,1])"
    case .rows, .sampling: nil
    }
  }
}

extension WeightFormat {
  /// `ggml_type_name`: lower case but for the K of the K formats.
  fileprivate var ggmlName: String {
    rawValue.hasSuffix("_K") ? rawValue.dropLast().lowercased() + "K" : rawValue.lowercased()
  }
}
