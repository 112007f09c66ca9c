// Byte products. A lane holds four weights of one row; `a` holds the four activations of the same columns.

// acc += sixteen (halves of a lane)·(the halves of x), exact in 32 bits.
INLINE i32x16 madd_halves(i32x16 acc, u32x16 w, u32x16 x) {
#if defined(__AVX512BW__)
  return acc + (i32x16)_mm512_madd_epi16((__m512i)w, (__m512i)x);
#elif defined(__AVX2__)
  __m256i W[2], X[2], r[2]; memcpy(W, &w, 64); memcpy(X, &x, 64);
  for (int i = 0; i < 2; i++) r[i] = _mm256_madd_epi16(W[i], X[i]);
  i32x16 s; memcpy(&s, r, 64); return acc + s;
#elif defined(__SSE2__)
  __m128i W[4], X[4], r[4]; memcpy(W, &w, 64); memcpy(X, &x, 64);
  for (int i = 0; i < 4; i++) r[i] = _mm_madd_epi16(W[i], X[i]);
  i32x16 s; memcpy(&s, r, 64); return acc + s;
#else
  i32x16 lo = ((i32x16)w << 16 >> 16) * ((i32x16)x << 16 >> 16), hi = ((i32x16)w >> 16) * ((i32x16)x >> 16);
  return acc + lo + hi;
#endif
}

// acc += w·a for weights 0…255. Without an instruction for it bytes are widened to halves, because 255·127·2 overflows 16 bits.
#if defined(__AVX512VNNI__) || !defined(__AVX2__)
#define HAS_DOT4 1
#else
#define HAS_DOT4 0
#endif
INLINE i32x16 dot4(i32x16 acc, u32x16 w, int32_t a) {
#if defined(__AVX512VNNI__)
  return (i32x16)_mm512_dpbusd_epi32((__m512i)acc, (__m512i)w, _mm512_set1_epi32(a));
#else
  uint32_t even = (uint32_t)(int8_t)a & 0xffff, odd = (uint32_t)(int8_t)(a >> 8) & 0xffff;
  even |= (uint32_t)(int8_t)(a >> 16) << 16; odd |= (uint32_t)(int8_t)(a >> 24) << 16;
  acc = madd_halves(acc, w & 0x00ff00ffu, (u32x16)even);
  return madd_halves(acc, w >> 8 & 0x00ff00ffu, (u32x16)odd);
#endif
}

// Whether `dot4` is the best way: where bytes are multiplied and added in one instruction, or by none at all.
INLINE int has_dot4(void) { return HAS_DOT4; }

// Else, for weights 0…127: as many sums of two products as fit into halves of 16 bits, then their sum in 32, times a factor.
#if defined(__AVX2__)
INLINE u32x16 add_pairs(u32x16 pairs, u32x16 w, int32_t a) {
#if defined(__AVX512BW__)
  return (u32x16)_mm512_add_epi16((__m512i)pairs, _mm512_maddubs_epi16((__m512i)w, _mm512_set1_epi32(a)));
#else
  __m256i W[2], p[2]; memcpy(W, &w, 64); memcpy(p, &pairs, 64);
  for (int i = 0; i < 2; i++) p[i] = _mm256_add_epi16(p[i], _mm256_maddubs_epi16(W[i], _mm256_set1_epi32(a)));
  u32x16 r; memcpy(&r, p, 64); return r;
#endif
}
INLINE i32x16 sum_pairs(i32x16 acc, u32x16 pairs, uint32_t times) {
  return madd_halves(acc, pairs, (u32x16){} + times * 0x00010001);
}
#endif

// Each byte of `index` (0…15) replaced by that entry of a table of sixteen bytes.
INLINE u32x16 lookup16(u32x16 index, const uint8_t *table) {
#if defined(__AVX512BW__)
  __m512i t = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)table));
  return (u32x16)_mm512_shuffle_epi8(t, (__m512i)index);
#elif defined(__AVX2__)
  __m256i t = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table)), x[2]; memcpy(x, &index, 64);
  for (int i = 0; i < 2; i++) x[i] = _mm256_shuffle_epi8(t, x[i]);
  u32x16 r; memcpy(&r, x, 64); return r;
#else
  uint8_t x[64]; memcpy(x, &index, 64);
  for (int i = 0; i < 64; i++) x[i] = table[x[i] & 15];
  u32x16 r; memcpy(&r, x, 64); return r;
#endif
}

// The two tables that GGUF's formats look up, offset so that no entry is negative (ggml's kvalues_iq4nl + 128; twice E2M1 + 12).
static const uint8_t table_iq4_nl[16] = {1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241};
static const uint8_t table_mxfp4[16] = {12, 13, 14, 15, 16, 18, 20, 24, 12, 11, 10, 9, 8, 6, 4, 0};
INLINE u32x16 lookup_iq4_nl(u32x16 index) { return lookup16(index, table_iq4_nl); }
INLINE u32x16 lookup_mxfp4(u32x16 index) { return lookup16(index, table_mxfp4); }
