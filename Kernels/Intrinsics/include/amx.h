// Advanced Matrix Extensions: tiles 0…3 are the 2×2 block of sums, 4 and 5 activations, 6 and 7 weights.
#if defined(__AMX_BF16__)
// All eight tiles 16 rows × 64 bytes. The clobber keeps the compiler from dropping the stores that fill the configuration.
INLINE void amx_configure(void) {
  struct { uint8_t palette, start, reserved[14]; uint16_t width[16]; uint8_t rows[16]; } c = {.palette = 1};
  for (int i = 0; i < 8; i++) { c.width[i] = 64; c.rows[i] = 16; }
  __asm__ volatile("ldtilecfg %0" : : "m"(c) : "memory");
}
INLINE void amx_release(void) { _tile_release(); }
INLINE void amx_zero_block(void) { _tile_zero(0); _tile_zero(1); _tile_zero(2); _tile_zero(3); }

// One step of 32 columns of the 2×2 block. The operand that is streamed is loaded past the first cache (tileloaddt1), so that it
// does not push out the one that stays, and the order lets each product start when its operands are there.
INLINE void amx_step_2x2(const void *a0, const void *a1, const void *b0, const void *b1) {
  _tile_stream_loadd(6, b0, 64); _tile_loadd(4, a0, 64); _tile_dpbf16ps(0, 4, 6);
  _tile_loadd(5, a1, 64); _tile_dpbf16ps(2, 5, 6);
  _tile_stream_loadd(7, b1, 64); _tile_dpbf16ps(1, 4, 7); _tile_dpbf16ps(3, 5, 7);
}
INLINE void amx_step_1x2(const void *a0, const void *b0, const void *b1) {
  _tile_stream_loadd(6, b0, 64); _tile_loadd(4, a0, 64); _tile_dpbf16ps(0, 4, 6);
  _tile_stream_loadd(7, b1, 64); _tile_dpbf16ps(1, 4, 7);
}
// The block of sums as it stands in memory; `rows` is 1 or 2 tiles of 16.
INLINE void amx_load_block(const void *c0, const void *c1, long stride, int rows) {
  _tile_loadd(0, c0, stride); _tile_loadd(1, c1, stride);
  if (rows == 2) { _tile_loadd(2, (const char *)c0 + 16 * stride, stride); _tile_loadd(3, (const char *)c1 + 16 * stride, stride); }
}
INLINE void amx_store_block(void *c0, void *c1, long stride, int rows) {
  _tile_stored(0, c0, stride); _tile_stored(1, c1, stride);
  if (rows == 2) { _tile_stored(2, (char *)c0 + 16 * stride, stride); _tile_stored(3, (char *)c1 + 16 * stride, stride); }
}
// The same block on operands that stay where they are: what the tile unit does when nothing else is in its way.
INLINE void amx_load_operands(const void *a, const void *b) {
  _tile_loadd(4, a, 64); _tile_loadd(5, a, 64); _tile_loadd(6, b, 64); _tile_loadd(7, b, 64);
}
INLINE void amx_multiply_bf16_2x2(void) {
  _tile_dpbf16ps(0, 4, 6); _tile_dpbf16ps(1, 4, 7); _tile_dpbf16ps(2, 5, 6); _tile_dpbf16ps(3, 5, 7);
}
INLINE void amx_multiply_int8_2x2(void) {
  _tile_dpbssd(0, 4, 6); _tile_dpbssd(1, 4, 7); _tile_dpbssd(2, 5, 6); _tile_dpbssd(3, 5, 7);
}
#endif
