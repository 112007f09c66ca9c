#include "CMachine.h"

// Sixteen bytes are one load of every x86-64 and every ARM; memory is slower than the loads.
typedef uint64_t lanes __attribute__((vector_size(16)));

uint64_t machine_read_streams(const void *base, size_t stride, size_t bytes, unsigned streams) {
  // Four chains, so that no load waits for the one before it.
  lanes a = {0}, b = {0}, c = {0}, d = {0};
  for (size_t offset = 0; offset + 256 <= bytes; offset += 256) {
    for (unsigned stream = 0; stream < streams; stream++) {
      const lanes *p = (const lanes *)((const char *)base + stream * stride + offset);
      for (int line = 0; line < 16; line += 4) {
        a ^= p[line];
        b ^= p[line + 1];
        c ^= p[line + 2];
        d ^= p[line + 3];
      }
    }
  }
  a ^= b ^ c ^ d;
  return a[0] ^ a[1];
}
