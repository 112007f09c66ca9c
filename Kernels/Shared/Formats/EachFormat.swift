/// The one list of packed formats: each body is compiled for every format named here.
protocol FormatVisitor {
  func visit<F: FloatFormat>(_ format: F.Type)
  func visit<F: QuantFormat>(_ format: F.Type)
}

@inline(always)
func forEachFormat<V: FormatVisitor>(_ visitor: V) {
  visitor.visit(F32.self)
  visitor.visit(F16.self)
  visitor.visit(BF16.self)
  visitor.visit(Q8_0.self)
  visitor.visit(Q4_0.self)
  visitor.visit(Q4_1.self)
  visitor.visit(Q5_0.self)
  visitor.visit(Q5_1.self)
  visitor.visit(IQ4_NL.self)
  visitor.visit(IQ4_XS.self)
  visitor.visit(MXFP4.self)
  visitor.visit(Q2_K.self)
  visitor.visit(Q3_K.self)
  visitor.visit(Q4_K.self)
  visitor.visit(Q5_K.self)
  visitor.visit(Q6_K.self)
}
