#ifndef CMACHINE_H
#define CMACHINE_H

// Only what Swift cannot spell: instructions without a Swift name, and variadic system calls.

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

typedef struct {
  uint32_t eax, ebx, ecx, edx;
} machine_cpuid_registers;

/// All zero where the leaf, or the instruction, does not exist. Hypervisor leaves (0x4000_0000…) have no such guard.
static inline machine_cpuid_registers machine_cpuid(uint32_t leaf, uint32_t subleaf) {
  machine_cpuid_registers r = {0, 0, 0, 0};
#if defined(__x86_64__)
  if (leaf >> 28 == 4)
    __cpuid_count(leaf, subleaf, r.eax, r.ebx, r.ecx, r.edx);
  else
    __get_cpuid_count(leaf, subleaf, &r.eax, &r.ebx, &r.ecx, &r.edx);
#else
  (void)leaf, (void)subleaf;
#endif
  return r;
}

/// XCR0, the register states that the kernel saves. The caller has checked OSXSAVE.
static inline uint64_t machine_xgetbv(void) {
#if defined(__x86_64__)
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
#else
  return 0;
#endif
}

/// The hint of a spinning thread to its sibling and to the power manager.
static inline void machine_pause(void) {
#if defined(__x86_64__)
  __asm__ volatile("pause");
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// The calling thread's floating-point control word: rounding, flush-to-zero, denormals-are-zero.
static inline uint64_t machine_float_control(void) {
#if defined(__x86_64__)
  uint32_t control;
  __asm__ volatile("stmxcsr %0" : "=m"(control));
  return control;
#elif defined(__aarch64__)
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  return control;
#else
  return 0;
#endif
}

static inline void machine_set_float_control(uint64_t value) {
#if defined(__x86_64__)
  uint32_t control = (uint32_t)value;
  __asm__ volatile("ldmxcsr %0" : : "m"(control));
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(value));
#endif
}

/// The bits of the control word that flush denormal numbers to zero.
static inline uint64_t machine_flush_bits(void) {
#if defined(__x86_64__)
  return 0x8040;
#elif defined(__aarch64__)
  return UINT64_C(1) << 24;
#else
  return 0;
#endif
}

/// The process's argument `index` (0: its own name), or NULL past the last; it lives as long as the process.
const char *machine_argument(int index);

/// Asks the kernel to let this process use an extended register state; 0 when it may.
int machine_request_state(unsigned component);

/// The processors of a thread (0: the calling one), one bit each. 0, or errno: EINVAL says that the mask is smaller than the kernel's.
int machine_get_affinity(int thread, uint64_t *mask, size_t bytes);
int machine_set_affinity(const uint64_t *mask, size_t bytes);

/// A number of the calling thread's own, INT32_MIN at first: what it was bound to.
int32_t *machine_binding(void);

/// Sleeps while *word is `expected`; may return early. Threads of one process only.
void machine_futex_wait(const uint32_t *word, uint32_t expected);
void machine_futex_wake_all(const uint32_t *word);

/// Counts an event of a performance monitoring unit on one processor, for all processes: a descriptor whose reads give
/// 8 bytes, or -errno. glibc has no wrapper for this call.
int machine_open_counter(uint32_t type, uint64_t event, int processor);

#endif
