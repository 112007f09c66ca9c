/// One thing that the command can do.
protocol Verb {
  static var syntax: Syntax { get }
  static func run(_ arguments: Arguments) throws
}

enum Verbs {
  static var all: [any Verb.Type] {
    [
      Measure.self, Bench.self, Compare.self, Generate.self, Score.self, MachineVerb.self, Doctor.self,
      KernelsVerb.self, CurveVerb.self, Predict.self, FleetVerb.self, Import.self, Price.self, Report.self,
      Rank.self, MergeVerb.self, CheckVerb.self,
      Calibrate.self, Completions.self,
    ]
  }

  static func named(_ name: String) -> (any Verb.Type)? { all.first { $0.syntax.verb == name } }
}
