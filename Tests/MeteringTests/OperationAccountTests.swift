import KernelContract
import Metering
import Testing

@Suite struct OperationAccountTests {
  @Test func sumsByClass() {
    var account = OperationAccount()
    account.add(OperationCost(flops: 100, bytesRead: 40, bytesWritten: 8), to: .matmul, calls: 3)
    account.add(OperationCost(flops: 7, bytesRead: 1, bytesWritten: 0), to: .matmul)
    account.add(OperationCost(flops: 5, bytesRead: 2, bytesWritten: 2), to: .norm)
    #expect(account[.matmul].calls == 4)
    // 3 x 100 + 7, 3 x 40 + 1, 3 x 8.
    #expect(account[.matmul].flops == 307 && account[.matmul].bytesRead == 121 && account[.matmul].bytesWritten == 24)
    #expect(account[.attention] == OperationAccount.Entry())
    #expect(account.classes == [.norm, .matmul])
    #expect(account.total.calls == 5 && account.total.flops == 312)
    #expect(account.total.bytesRead == 123 && account.total.bytesWritten == 26)
  }

  @Test func addsAccounts() {
    var sum = OperationAccount()
    for operation in OperationClass.allCases {
      var one = OperationAccount()
      one.add(OperationCost(flops: 1, bytesRead: 2, bytesWritten: 3), to: operation)
      sum += one
      sum += one
    }
    #expect(sum.classes == OperationClass.allCases)
    for operation in OperationClass.allCases { #expect(sum[operation].calls == 2 && sum[operation].bytesWritten == 6) }
  }

  @Test func holdsMoreThanAnInteger() {
    var account = OperationAccount()
    account.add(OperationCost(flops: .max), to: .head, calls: 1_000_000)
    #expect(account[.head].flops.value == Double(Int.max) * 1e6)
  }
}
