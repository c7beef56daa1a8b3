/* Philox4x32-10 and the blocks of random words that it seeds: assembly/random/philox.ts in C. */
#pragma once
#include "lanes.h"

INLINE i32x4 high_products(i32x4 a, i32x4 m) {
  i32x4 even = _mm_mul_epu32(a, m), odd = _mm_mul_epu32(_mm_srli_epi64(a, 32), m);
  return _mm_blend_epi16(_mm_srli_epi64(even, 32), odd, 0xcc);
}

/* four evaluations, counters lane by lane; word w of all four at words[w] */
static void philox_four(i32x4 c0, i32x4 c1, i32x4 c2, i32x4 c3, uint32_t k0, uint32_t k1, i32x4 words[4]) {
  const i32x4 m0 = _mm_set1_epi32((int)PHILOX_M0), m1 = _mm_set1_epi32((int)PHILOX_M1);
  for (int round = 0; round < 10; round++) {
    i32x4 high0 = high_products(c0, m0), low0 = _mm_mullo_epi32(c0, m0);
    i32x4 high1 = high_products(c2, m1), low1 = _mm_mullo_epi32(c2, m1);
    c0 = _mm_xor_si128(_mm_xor_si128(high1, c1), _mm_set1_epi32((int)k0));
    c2 = _mm_xor_si128(_mm_xor_si128(high0, c3), _mm_set1_epi32((int)k1));
    c1 = low1;
    c3 = low0;
    k0 += PHILOX_W0;
    k1 += PHILOX_W1;
  }
  words[0] = c0, words[1] = c1, words[2] = c2, words[3] = c3;
}

INLINE i32x4 rotl(i32x4 x, int k) { return _mm_or_si128(_mm_slli_epi32(x, k), _mm_srli_epi32(x, 32 - k)); }

/* one step of four xoshiro128++ generators */
INLINE i32x4 next_words(i32x4 s[4]) {
  i32x4 word = _mm_add_epi32(rotl(_mm_add_epi32(s[0], s[3]), 7), s[0]);
  i32x4 t = _mm_slli_epi32(s[1], 9);
  s[2] = _mm_xor_si128(s[2], s[0]);
  s[3] = _mm_xor_si128(s[3], s[1]);
  s[1] = _mm_xor_si128(s[1], s[2]);
  s[0] = _mm_xor_si128(s[0], s[3]);
  s[2] = _mm_xor_si128(s[2], t);
  s[3] = rotl(s[3], 11);
  return word;
}

/* the first `count` words (rounded up to eight) of a block of a key's words */
static void words_of_block(int32_t *dst, int count, uint64_t block, uint32_t k0, uint32_t k1) {
  i32x4 low = _mm_set1_epi32((int)block), high = _mm_set1_epi32((int)(block >> 32));
  i32x4 domain = _mm_set1_epi32(DOMAIN_WORDS), s[4], t[4];
  philox_four(low, high, _mm_setr_epi32(0, 1, 2, 3), domain, k0, k1, s);
  philox_four(low, high, _mm_setr_epi32(4, 5, 6, 7), domain, k0, k1, t);
  for (int i = 0; i < count; i += 8) {
    _mm_storeu_si128((i32x4 *)(dst + i), next_words(s));
    _mm_storeu_si128((i32x4 *)(dst + i + 4), next_words(t));
  }
}
