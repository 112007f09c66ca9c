import KernelContract
import KernelTiming
import Testing

@Suite struct KernelProblemTests {
  /// As `test-backend-ops perf` prints them; its m are rows, its n tokens.
  @Test func namesAreThoseOfBackendOperations() {
    let product = ProductShape(tokens: 1, rows: 4096, columns: 14336)
    #expect(
      KernelProblem.product(product, .q4_0).backendOperation
        == "MUL_MAT(type_a=q4_0,type_b=f32,m=4096,n=1,k=14336,bs=[1,1],nr=[1,1],per=[0,1,2,3],k_v=0,o=1)")
    #expect(KernelProblem.product(product, .q6_K).backendOperation?.contains("type_a=q6_K,") == true)
    #expect(KernelProblem.product(product, .iq4_nl).backendOperation?.contains("type_a=iq4_nl,") == true)
    let attention = AttentionShape(heads: 32, keyValueHeads: 8, headSize: 128, tokens: 512, positions: 4096)
    #expect(
      KernelProblem.attention(attention, .q8_0).backendOperation
        == "FLASH_ATTN_EXT(hsk=128,hsv=128,nh=8,nr23=[4,1],kv=4096,nb=512,mask=1,sinks=0,max_bias=0.000000,"
        + "logit_softcap=0.000000,prec=f32,type_K=q8_0,type_V=q8_0,permute=[0,1,2,3])")
    #expect(KernelProblem.sampling(.greedy, vocabulary: 1000).backendOperation == "ARGMAX(type=f32,ne=[1000,1,1,1])")
    #expect(KernelProblem.sampling(.full, vocabulary: 1000).backendOperation == nil)
  }

  @Test func costsAreThoseOfTheContract() {
    // Two tokens by 3 rows of 32: 2·3·32·2 flops; weights of 18 bytes a block, 2·32 Floats in, 2·3 out.
    let product = KernelProblem.product(ProductShape(tokens: 2, rows: 3, columns: 32), .q4_0).cost
    #expect(product == OperationCost(flops: 384, bytesRead: 3 * 18 + 256, bytesWritten: 24))
    // Three tokens behind five: they see 6, 7 and 8 of the positions. 4 flops for each of 2 heads of 16.
    let shape = AttentionShape(heads: 2, keyValueHeads: 1, headSize: 16, tokens: 3, positions: 8)
    #expect(KernelProblem.attention(shape, .f16).cost.flops == 4 * 16 * 2 * 21)
  }
}
