import Machine

/// What the system had counted at one moment.
package struct ConditionsSnapshot: Equatable, Sendable {
  package var nanoseconds: UInt64
  package var processNanoseconds: UInt64
  package var usage: ResourceUsage
  package var ticks: Finding<ProcessorTicks>
  package var processorPressureMicroseconds: Finding<Int>
  package var memoryPressureMicroseconds: Finding<Int>
  package var throttledMicroseconds: Finding<Int>
  package var hertz: Finding<Double>

  package init(
    nanoseconds: UInt64, processNanoseconds: UInt64, usage: ResourceUsage, ticks: Finding<ProcessorTicks>,
    processorPressureMicroseconds: Finding<Int>, memoryPressureMicroseconds: Finding<Int>,
    throttledMicroseconds: Finding<Int>, hertz: Finding<Double>
  ) {
    self.nanoseconds = nanoseconds
    self.processNanoseconds = processNanoseconds
    self.usage = usage
    self.ticks = ticks
    self.processorPressureMicroseconds = processorPressureMicroseconds
    self.memoryPressureMicroseconds = memoryPressureMicroseconds
    self.throttledMicroseconds = throttledMicroseconds
    self.hertz = hertz
  }
}
