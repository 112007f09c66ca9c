#define _GNU_SOURCE
#include "CMachine.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int argument_count;
static char **argument_texts;

// glibc hands main's arguments to each constructor. Swift reads its own from /proc, which a container need not have.
__attribute__((constructor)) static void keep_arguments(int count, char **texts) {
  argument_count = count;
  argument_texts = texts;
}

const char *machine_argument(int index) {
  return index >= 0 && index < argument_count ? argument_texts[index] : NULL;
}

int machine_request_state(unsigned component) {
#if defined(__x86_64__)
  const int request_component_permission = 0x1023;  // ARCH_REQ_XCOMP_PERM of <asm/prctl.h>, Linux 5.16
  return syscall(SYS_arch_prctl, request_component_permission, component) == 0 ? 0 : errno;
#else
  (void)component;
  return ENOSYS;
#endif
}

// glibc declares these two for _GNU_SOURCE only, which Swift's import of glibc does not define.
int machine_get_affinity(int thread, uint64_t *mask, size_t bytes) {
  return sched_getaffinity(thread, bytes, (cpu_set_t *)mask) == 0 ? 0 : errno;
}

int machine_set_affinity(const uint64_t *mask, size_t bytes) {
  return sched_setaffinity(0, bytes, (const cpu_set_t *)mask) == 0 ? 0 : errno;
}

int32_t *machine_binding(void) {
  static _Thread_local int32_t binding = INT32_MIN;
  return &binding;
}

void machine_futex_wait(const uint32_t *word, uint32_t expected) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

void machine_futex_wake_all(const uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0); }

int machine_open_counter(uint32_t type, uint64_t event, int processor) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.size = sizeof attributes;
  attributes.type = type;
  attributes.config = event;
  int descriptor = (int)syscall(SYS_perf_event_open, &attributes, -1, processor, -1, PERF_FLAG_FD_CLOEXEC);
  return descriptor >= 0 ? descriptor : -errno;
}
