// Instructions that Swift cannot spell, one short idiom each. Every kernel target compiles these under its own flags, so a
// function takes the best form that the target allows. Sixteen lanes everywhere: the compiler splits them where it must.
#pragma once
#include <stdint.h>
#include <string.h>

// Every function is inlined, so no call ever passes a vector by a convention that depends on the flags.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES(type, n) type __attribute__((ext_vector_type(n)))
#define INLINE static inline __attribute__((always_inline))

typedef LANES(float, 4) f32x4;
typedef LANES(float, 8) f32x8;
typedef LANES(float, 16) f32x16;
typedef LANES(uint32_t, 16) u32x16;
typedef LANES(int32_t, 16) i32x16;
typedef LANES(uint16_t, 16) u16x16;
typedef LANES(uint8_t, 16) u8x16;
typedef LANES(int8_t, 16) i8x16;

#include "convert.h"
#include "dot.h"
#include "select.h"
#include "amx.h"
