import Analysis
import Pricing
import Quantities
import Records
import Statistics

/// The prices of one model in one setup, or of times that were given.
extension ReportPage {
  package mutating func add(_ prices: SetupPrices) {
    let sheet = prices.sheet
    if let model = prices.model, let setup = prices.configuration {
      field("model", "\(model.name), \(model.format) (\(model.source))")
      field("setup", "\(setup.threads) threads, \(setup.isa), \(setup.activations) activations")
    }
    field("host", sheet.tariff.label)
    let prompt = sheet.promptTokens.map { ", in a prompt of \($0)" } ?? ""
    let context = sheet.contextTokens.map { ", at a context of \($0)" } ?? ""
    field("input", "\(Unit.dollars(sheet.dollarsPerMillionInputTokens)) per million tokens\(prompt)")
    if let cached = sheet.dollarsPerMillionCachedTokens, let tokens = sheet.cachedTokens {
      field("cached", "\(Unit.dollars(cached)) per million tokens, of \(tokens) in front of that prompt")
    }
    field("output", "\(Unit.dollars(sheet.dollarsPerMillionOutputTokens)) per million tokens\(context)")
    if let ratio = sheet.outputToInputRatio { field("ratio", Wording.line(ofRatio: ratio)) }
    for (index, task) in sheet.tasks.enumerated() {
      field(
        index == 0 ? "task" : "",
        "\(Unit.dollars(task.dollars)) and \(Unit.seconds.text(task.seconds)) for \(task.inputTokens) input and "
          + "\(task.outputTokens) output tokens")
    }
    var table = TextTable([
      TextTable.text("blend"), TextTable.figure("input share"), TextTable.figure("$ per million tokens"),
    ])
    for blend in sheet.blends {
      table.add([blend.name, Unit.share.text(blend.inputShare), Unit.bare(blend.dollarsPerMillionTokens)])
    }
    add(.table("Blends", table, notes: []))
  }
}
