// Loads and stores that change the element type.
#if defined(__x86_64__)
#include <immintrin.h>
#endif

INLINE f32x16 to_float(i32x16 v) { return __builtin_convertvector(v, f32x16); }
INLINE f32x16 load_u8(const void *p) { u8x16 v; memcpy(&v, p, 16); return __builtin_convertvector(v, f32x16); }
INLINE f32x16 load_i8(const void *p) { i8x16 v; memcpy(&v, p, 16); return __builtin_convertvector(v, f32x16); }
INLINE f32x16 load_bf16(const void *p) {
  u16x16 v; memcpy(&v, p, 32);
  return (f32x16)(__builtin_convertvector(v, u32x16) << 16);
}
INLINE void store_low_bytes(void *p, i32x16 v) { i8x16 b = __builtin_convertvector(v, i8x16); memcpy(p, &b, 16); }
INLINE void store_low_halves(void *p, u32x16 v) { u16x16 b = __builtin_convertvector(v, u16x16); memcpy(p, &b, 32); }

// The upper halves of the lanes of `low` below those of `high`.
INLINE u32x16 upper_halves(u32x16 low, u32x16 high) {
#if defined(__AVX512BW__)
  // A shift and a blend: half the time of the permutation of two sources that the compiler takes for the expression below.
  return (u32x16)_mm512_mask_mov_epi16((__m512i)high, 0x55555555, (__m512i)(low >> 16));
#else
  return low >> 16 | (high & 0xffff0000u);
#endif
}

// IEEE half precision. Subnormals must survive: the scales of K formats are often below the smallest normal half.
INLINE f32x16 load_f16(const void *p) {
#if defined(__AVX512F__)
  return (f32x16)_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p));
#elif defined(__F16C__)
  f32x16 r;
  __m256 lo = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p)), hi = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p + 1));
  memcpy(&r, &lo, 32); memcpy((char *)&r + 32, &hi, 32);
  return r;
#else
  u16x16 v; memcpy(&v, p, 32);
  u32x16 h = __builtin_convertvector(v, u32x16), magnitude = (h & 0x7fff) << 13, sign = (h & 0x8000) << 16;
  u32x16 normal = magnitude + (112u << 23), special = magnitude + (224u << 23);  // exponent bias 15 to 127; infinity to infinity
  f32x16 small = __builtin_convertvector((i32x16)(h & 0x3ff), f32x16) * 0x1p-24f;
  u32x16 isSmall = (u32x16)((h & 0x7c00) == 0), isSpecial = (u32x16)((h & 0x7c00) == 0x7c00);
  u32x16 bits = (isSmall & (u32x16)small) | (isSpecial & special) | (~isSmall & ~isSpecial & normal);
  return (f32x16)(bits | sign);
#endif
}

INLINE void store_f16(void *p, f32x16 v) {
#if defined(__AVX512F__)
  _mm256_storeu_si256((__m256i *)p, _mm512_cvtps_ph((__m512)v, _MM_FROUND_TO_NEAREST_INT));
#elif defined(__F16C__)
  __m256 half[2]; memcpy(half, &v, 64);
  for (int i = 0; i < 2; i++) _mm_storeu_si128((__m128i *)p + i, _mm256_cvtps_ph(half[i], _MM_FROUND_TO_NEAREST_INT));
#else
  for (int i = 0; i < 16; i++) {  // round to nearest even; overflow to infinity
    uint32_t x; memcpy(&x, (float *)&v + i, 4);
    uint32_t sign = x >> 16 & 0x8000, a = x & 0x7fffffff, h;
    if (a > 0x7f800000) h = 0x7e00;
    else if (a >= 0x477ff000) h = 0x7c00;
    else if (a < 0x33000001) h = 0;
    else if (a < 0x38800000) {  // subnormal half: units of 2^-24
      uint32_t e = a >> 23, shift = 126 - e, m = (a & 0x7fffff) | 0x800000;
      h = m >> shift;
      uint32_t rest = m & ((1u << shift) - 1), mid = 1u << (shift - 1);
      h += rest > mid || (rest == mid && (h & 1));
    } else {
      uint32_t m = a - (112u << 23);
      h = (m + 0xfff + (m >> 13 & 1)) >> 13;
    }
    uint16_t out = (uint16_t)(h | sign); memcpy((uint16_t *)p + i, &out, 2);
  }
#endif
}

// 1/v to a relative 2^-14 where there is an instruction for it, else exact.
INLINE f32x16 reciprocal_estimate(f32x16 v) {
#if defined(__AVX512F__)
  return (f32x16)_mm512_rcp14_ps((__m512)v);
#else
  return 1 / v;
#endif
}

// v − ⌊v⌋, 0 for infinities, and p·2^⌊v⌋ for p of 1 … 2, rounded once.
INLINE f32x16 above_floor(f32x16 v) {
#if defined(__AVX512DQ__)
  return (f32x16)_mm512_reduce_ps((__m512)v, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
#else
  f32x16 f = v - __builtin_elementwise_floor(v);
  return f == f ? f : (f32x16){};
#endif
}
INLINE f32x16 times_two_to_floor(f32x16 p, f32x16 v) {
#if defined(__AVX512F__)
  return (f32x16)_mm512_scalef_ps((__m512)p, (__m512)v);
#else
  for (int i = 0; i < 16; i++) p[i] = __builtin_ldexpf(p[i], (int)__builtin_floorf(v[i]));
  return p;
#endif
}

// The sum and the largest of sixteen lanes, in halves.
INLINE float sum_lanes(f32x16 v) {
  f32x8 a = v.lo + v.hi; f32x4 b = a.lo + a.hi;
  return (b.x + b.z) + (b.y + b.w);
}
INLINE float largest_lane(f32x16 v) {
  f32x8 a = v.hi > v.lo ? v.hi : v.lo; f32x4 b = a.hi > a.lo ? a.hi : a.lo;
  float c = b.z > b.x ? b.z : b.x, d = b.w > b.y ? b.w : b.y;
  return d > c ? d : c;
}

// Asks for `bytes` of memory in the second cache, so that they arrive while something else is computed.
INLINE void prefetch_lines(const void *p, long bytes) {
  for (long i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)p + i, 0, 2);
}

// One half to a Float.
INLINE float half_to_float(const void *p) {
#if defined(__F16C__)
  uint16_t h; memcpy(&h, p, 2);
  return _mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(h)));
#else
  uint16_t lanes[16] = {0}; memcpy(lanes, p, 2);
  return load_f16(lanes)[0];
#endif
}
