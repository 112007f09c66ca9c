#define _GNU_SOURCE
#include "CMachine.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

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
int machine_get_affinity(uint64_t *mask, size_t bytes) {
  return sched_getaffinity(0, bytes, (cpu_set_t *)mask) == 0 ? 0 : errno;
}

int machine_set_affinity(const uint64_t *mask, size_t bytes) {
  return sched_setaffinity(0, bytes, (const cpu_set_t *)mask) == 0 ? 0 : errno;
}

void machine_futex_wait(const uint32_t *word, uint32_t expected) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

void machine_futex_wake_all(const uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0); }
