// Picking lanes by their value.

// The larger of each pair, `a` where one is NaN. The masks of Swift's `replacing(with:where:)` keep the compiler at times from
// seeing the one instruction that this is.
INLINE f32x16 larger_lanes(f32x16 a, f32x16 b) { return b > a ? b : a; }

// Bit n is set where lower ≤ v[n] < upper; NaN lies nowhere.
INLINE uint32_t lanes_within(f32x16 v, float lower, float upper) {
#if defined(__AVX512F__)
  __m512 x = (__m512)v;
  return _mm512_mask_cmp_ps_mask(_mm512_cmp_ps_mask(x, _mm512_set1_ps(lower), _CMP_GE_OQ), x, _mm512_set1_ps(upper), _CMP_LT_OQ);
#else
  LANES(_Bool, 16) inside = __builtin_convertvector((v >= lower) & (v < upper), LANES(_Bool, 16));
  uint16_t bits; memcpy(&bits, &inside, 2);
  return bits;
#endif
}

// Bit n is set where v[n] ≥ lower.
INLINE uint32_t lanes_from(f32x16 v, float lower) {
#if defined(__AVX512F__)
  return _mm512_cmp_ps_mask((__m512)v, _mm512_set1_ps(lower), _CMP_GE_OQ);
#else
  LANES(_Bool, 16) above = __builtin_convertvector(v >= lower, LANES(_Bool, 16));
  uint16_t bits; memcpy(&bits, &above, 2);
  return bits;
#endif
}

// Adds to each lane of `sum` that of v, where its bit of the mask is set.
INLINE f32x16 add_where(f32x16 sum, f32x16 v, uint32_t mask) {
#if defined(__AVX512F__)
  return (f32x16)_mm512_mask_add_ps((__m512)sum, (__mmask16)mask, (__m512)sum, (__m512)v);
#else
  const i32x16 bits = {1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7,
                       1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15};
  return sum + (f32x16)((i32x16)v & ((bits & (int32_t)mask) != 0));
#endif
}

// Appends first + n and p[n] for every bit n of the mask and returns how many there are. It may write sixteen of each. `values`
// may lie at or before `p` in the same array.
INLINE long append_lanes(int32_t *indices, float *values, uint32_t mask, int32_t first, const float *p) {
#if defined(__AVX512F__)
  const i32x16 numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  __m512 v = _mm512_loadu_ps(p);
  _mm512_storeu_si512(indices, _mm512_maskz_compress_epi32((__mmask16)mask, (__m512i)(numbers + first)));
  _mm512_storeu_ps(values, _mm512_maskz_compress_ps((__mmask16)mask, v));
  return __builtin_popcount(mask);
#elif defined(__AVX2__)
  // Four lanes at a time: which of them come first, by their mask.
  static const uint8_t orders[16][4] = {{0}, {0}, {1}, {0, 1}, {2}, {0, 2}, {1, 2}, {0, 1, 2},
                                        {3}, {0, 3}, {1, 3}, {0, 1, 3}, {2, 3}, {0, 2, 3}, {1, 2, 3}, {0, 1, 2, 3}};
  long count = 0;
  for (int i = 0; mask; i += 4, mask >>= 4) {
    __m128 v = _mm_loadu_ps(p + i);
    __m128i order = _mm_cvtepu8_epi32(_mm_loadu_si32(orders[mask & 15]));
    _mm_storeu_si128((__m128i *)(indices + count), _mm_add_epi32(order, _mm_set1_epi32(first + i)));
    _mm_storeu_ps(values + count, _mm_permutevar_ps(v, order));
    count += __builtin_popcount(mask & 15);
  }
  return count;
#else
  long count = 0;
  for (; mask; mask &= mask - 1, count++) {
    int lane = __builtin_ctz(mask);
    indices[count] = first + lane; values[count] = p[lane];
  }
  return count;
#endif
}

// The vector itself, through which the compiler does not see. Where the sum or the maximum of its lanes follows, it would
// compute the halves apart from the beginning, with masks taken to pieces: five times slower for the maximum of 64 elements.
INLINE f32x16 opaque(f32x16 v) {
#if defined(__AVX512F__)
  __asm__("" : "+v"(v));
  return v;
#elif defined(__AVX__)
  f32x8 a = v.lo, b = v.hi;
  __asm__("" : "+x"(a), "+x"(b));
  v.lo = a; v.hi = b;
  return v;
#elif defined(__SSE2__)
  f32x4 a = v.lo.lo, b = v.lo.hi, c = v.hi.lo, d = v.hi.hi;
  __asm__("" : "+x"(a), "+x"(b), "+x"(c), "+x"(d));
  v.lo.lo = a; v.lo.hi = b; v.hi.lo = c; v.hi.hi = d;
  return v;
#else
  return v;
#endif
}
