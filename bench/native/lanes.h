/* Four lanes of SSE4.2, exp and log: the steps of assembly/lane.ts, assembly/math/exp.ts and log.ts in C. */
#pragma once
#include <smmintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "constants.h" /* made of src/shared/constants.ts by build.mjs */

typedef __m128 f32x4;
typedef __m128i i32x4;
typedef __m128d f64x2;
#define INLINE static inline __attribute__((always_inline))
#define BITS(v) _mm_castps_si128(v)
#define FLOATS(v) _mm_castsi128_ps(v)
#define ALL(x) _mm_set1_ps((float)(x))

/* a b + c and c - a b, two roundings each */
INLINE f32x4 madd(f32x4 a, f32x4 b, f32x4 c) { return _mm_add_ps(_mm_mul_ps(a, b), c); }
INLINE f32x4 nmadd(f32x4 a, f32x4 b, f32x4 c) { return _mm_sub_ps(c, _mm_mul_ps(a, b)); }
/* a < b ? b : a */
INLINE f32x4 pmax(f32x4 a, f32x4 b) { return _mm_max_ps(b, a); }
INLINE f32x4 choose(f32x4 mask, f32x4 a, f32x4 b) { return _mm_blendv_ps(b, a, mask); }

/* a mask of the first `count` lanes, count > 0 */
INLINE f32x4 up_to(int count) {
  return FLOATS(_mm_cmplt_epi32(_mm_setr_epi32(0, 1, 2, 3), _mm_set1_epi32(count)));
}

INLINE void store_up_to(float *p, f32x4 v, int count) {
  if (count >= 4) {
    _mm_storeu_ps(p, v);
    return;
  }
  float lanes[4];
  _mm_storeu_ps(lanes, v);
  for (int i = 0; i < count; i++) p[i] = lanes[i];
}

/* the greatest lane, in every lane */
INLINE f32x4 greatest(f32x4 v) {
  v = pmax(v, _mm_shuffle_ps(v, v, _MM_SHUFFLE(1, 0, 3, 2)));
  return pmax(v, _mm_shuffle_ps(v, v, _MM_SHUFFLE(2, 3, 0, 1)));
}

/* two sums of lanes in f64: (l0 + l2, l1 + l3) */
INLINE f64x2 wide(f32x4 v) { return _mm_add_pd(_mm_cvtps_pd(v), _mm_cvtps_pd(_mm_movehl_ps(v, v))); }
INLINE double sum_of(f64x2 v) { return _mm_cvtsd_f64(v) + _mm_cvtsd_f64(_mm_unpackhi_pd(v, v)); }

/* exp r, |r| <= ln2 / 2 */
INLINE f32x4 exp_near(f32x4 r) {
  f32x4 q = madd(r, ALL(EXP_F32_4), ALL(EXP_F32_3));
  q = madd(q, r, ALL(EXP_F32_2));
  q = madd(q, r, ALL(EXP_F32_1));
  q = madd(q, r, ALL(EXP_F32_0));
  return _mm_add_ps(madd(q, _mm_mul_ps(r, r), r), ALL(1));
}

/* exp(x + low), low what rounding took from x; +0 below EXP_LEAST_F32 */
INLINE f32x4 exp_of(f32x4 x, f32x4 low) {
  f32x4 t = madd(x, ALL(LOG2E), ALL(MAGIC_F32));
  f32x4 n = _mm_sub_ps(t, ALL(MAGIC_F32));
  f32x4 r = _mm_add_ps(nmadd(n, ALL(LN2_LOW_F32), nmadd(n, ALL(LN2_HIGH_F32), x)), low);
  i32x4 e = _mm_add_epi32(BITS(exp_near(r)), _mm_slli_epi32(BITS(t), 23));
  return _mm_and_ps(FLOATS(e), _mm_cmpge_ps(x, ALL(EXP_LEAST_F32)));
}

/* the exponent k of x = 2^k m, m in [sqrt(1/2), sqrt(2)), in its place among the bits */
INLINE i32x4 exponent_of(f32x4 x) {
  return _mm_and_si128(_mm_sub_epi32(BITS(x), BITS(ALL(SQRT_HALF_F32))), BITS(ALL(-__builtin_inff())));
}

/* k ln2 + log(1 + f) + low, of the exponent bits e */
INLINE f32x4 log_rebuilt(i32x4 e, f32x4 f, f32x4 low) {
  f32x4 k = _mm_cvtepi32_ps(e);
  f32x4 s = _mm_div_ps(f, _mm_add_ps(f, ALL(2)));
  f32x4 z = _mm_mul_ps(s, s);
  f32x4 R = madd(z, ALL(LOG_F32_2), ALL(LOG_F32_1));
  R = _mm_mul_ps(madd(R, z, ALL(LOG_F32_0)), z);
  f32x4 unit = ALL(LN2_LOW_F32 / EXPONENT_UNIT_F32);
  f32x4 rest = _mm_sub_ps(_mm_mul_ps(s, _mm_sub_ps(f, R)), madd(k, unit, low));
  return madd(k, ALL(LN2_HIGH_F32 / EXPONENT_UNIT_F32), _mm_sub_ps(f, rest));
}

/* log x of a positive normal x */
INLINE f32x4 log_of(f32x4 x) {
  i32x4 e = exponent_of(x);
  return log_rebuilt(e, _mm_sub_ps(FLOATS(_mm_sub_epi32(BITS(x), e)), ALL(1)), ALL(0));
}
