/* Three kernels of assembly/ in C, for the distance from native: softmax at T = 1, Gumbel noise, one draw per row. */
#pragma once
#include <math.h>
#include "philox.h"

/* bytes behind a row that a vector may read */
enum { SLACK = 64, STEP = 4 * ACCUMULATORS };

/* the elements of a row of n that ACCUMULATORS vectors at a time cover: none of a short row */
INLINE int bulk_of(int n) { return n <= SHORT_ROW ? 0 : n - n % STEP; }

/* ---- softmax: assembly/max/softmax.ts, its exponentials by exponents ---- */

/* the greatest element in every lane, -0 as +0; NaN if one is NaN */
static f32x4 row_max(const float *x, int n) {
  f32x4 low = ALL(-INFINITY), m0 = low, m1 = low, m2 = low, m3 = low, nan = ALL(0);
  int i = 0;
  for (; i < bulk_of(n); i += STEP) {
    f32x4 v0 = _mm_loadu_ps(x + i), v1 = _mm_loadu_ps(x + i + 4);
    f32x4 v2 = _mm_loadu_ps(x + i + 8), v3 = _mm_loadu_ps(x + i + 12);
    m0 = pmax(m0, v0), m1 = pmax(m1, v1), m2 = pmax(m2, v2), m3 = pmax(m3, v3);
    nan = _mm_or_ps(nan, _mm_or_ps(_mm_cmpunord_ps(v0, v1), _mm_cmpunord_ps(v2, v3)));
  }
  m0 = pmax(pmax(m0, m1), pmax(m2, m3));
  for (; i < n; i += 4) {
    f32x4 v = choose(up_to(n - i), _mm_loadu_ps(x + i), low);
    m0 = pmax(m0, v);
    nan = _mm_or_ps(nan, _mm_cmpunord_ps(v, v));
  }
  if (_mm_movemask_ps(nan)) return ALL(NAN);
  return _mm_add_ps(greatest(m0), ALL(0));
}

/* exp(x - max), with what rounding takes from the difference (Knuth's two-sum) */
INLINE f32x4 exp_below(const float *x, f32x4 max) {
  f32x4 v = _mm_loadu_ps(x), d = _mm_sub_ps(v, max), t = _mm_sub_ps(d, v);
  f32x4 low = _mm_sub_ps(_mm_sub_ps(v, _mm_sub_ps(d, t)), _mm_add_ps(max, t));
  return exp_of(d, low);
}

/* K exp(x) 2^-N, N the exponent of the row's greatest: assembly/math/exponents.ts at T = 1 */
typedef struct {
  f32x4 least, magic;
} Exponents;

INLINE Exponents exponents_of(f32x4 max) {
  f32x4 N = _mm_sub_ps(madd(max, ALL(LOG2E), ALL(MAGIC_F32)), ALL(MAGIC_F32));
  return (Exponents){_mm_mul_ps(_mm_sub_ps(N, ALL(EXPONENT_BIAS_F32)), ALL(LN2_HIGH_F64)),
                     _mm_sub_ps(ALL(MAGIC_F32 + EXPONENT_BIAS_F32), N)};
}

/* K exp r, |r| <= ln2 / 2 */
INLINE f32x4 power_near(f32x4 r) {
  f32x4 p = madd(_mm_add_ps(r, ALL(POWER_F32_4)), r, ALL(POWER_F32_3));
  return madd(madd(madd(p, r, ALL(POWER_F32_2)), r, ALL(POWER_F32_1)), r, ALL(POWER_F32_0));
}

INLINE f32x4 power_of(const float *x, Exponents e) {
  f32x4 v = pmax(_mm_loadu_ps(x), e.least), t = madd(v, ALL(LOG2E), e.magic), n = _mm_sub_ps(t, e.magic);
  f32x4 r = nmadd(n, ALL(LN2_LOW_F32), nmadd(n, ALL(LN2_HIGH_F32), v));
  return _mm_mul_ps(power_near(r), FLOATS(_mm_slli_epi32(BITS(t), 23)));
}

INLINE f32x4 weight_of(const float *x, f32x4 max, Exponents e, bool reach) {
  return reach ? power_of(x, e) : exp_below(x, max);
}

/* their sum, in f64; `reach`: whether the maximum is within that of the exponents */
INLINE double weights_of(const float *x, float *dst, int n, f32x4 max, bool reach) {
  Exponents e = exponents_of(max);
  f64x2 total = _mm_setzero_pd();
  int i = 0;
  for (; i < bulk_of(n); i += STEP) {
    f32x4 v0 = weight_of(x + i, max, e, reach), v1 = weight_of(x + i + 4, max, e, reach);
    f32x4 v2 = weight_of(x + i + 8, max, e, reach), v3 = weight_of(x + i + 12, max, e, reach);
    _mm_storeu_ps(dst + i, v0), _mm_storeu_ps(dst + i + 4, v1);
    _mm_storeu_ps(dst + i + 8, v2), _mm_storeu_ps(dst + i + 12, v3);
    total = _mm_add_pd(total, wide(_mm_add_ps(_mm_add_ps(v0, v1), _mm_add_ps(v2, v3))));
  }
  for (; i < n; i += 4) {
    f32x4 v = weight_of(x + i, max, e, reach);
    store_up_to(dst + i, v, n - i);
    total = _mm_add_pd(total, wide(_mm_and_ps(v, up_to(n - i))));
  }
  return sum_of(total);
}

static void softmax(const float *x, float *dst, int rows, int n) {
  for (int r = 0; r < rows; r++, x += n, dst += n) {
    f32x4 max = row_max(x, n);
    float top = _mm_cvtss_f32(max);
    bool finite = top - top == 0, reach = fabsf(top) <= EXPONENTS_REACH;
    double sum = !finite ? NAN : reach ? weights_of(x, dst, n, max, true) : weights_of(x, dst, n, max, false);
    f32x4 scale = ALL(1 / sum);
    for (int i = 0; i < n; i += 4) {
      f32x4 v = finite ? _mm_mul_ps(_mm_loadu_ps(dst + i), scale) : scale;
      store_up_to(dst + i, v, n - i);
    }
  }
}

/* ---- Gumbel noise: assembly/random/exponential.ts and gumbel.ts ---- */

/* -log(v) where `upper`, -log(1 - v) elsewhere: v = high + low in (0, 1/2] */
INLINE f32x4 negative_log(f32x4 upper, f32x4 high, f32x4 low) {
  f32x4 one = ALL(1), v = _mm_add_ps(high, low);
  i32x4 e = exponent_of(choose(upper, v, _mm_sub_ps(one, v)));
  f32x4 scale = FLOATS(_mm_sub_epi32(BITS(one), e)), sign = _mm_andnot_ps(upper, ALL(-0.0f));
  f32x4 c = _mm_sub_ps(_mm_andnot_ps(upper, scale), one);
  f32x4 h = _mm_add_ps(_mm_mul_ps(scale, _mm_xor_ps(high, sign)), c);
  f32x4 l = _mm_mul_ps(scale, _mm_xor_ps(low, sign)), f = _mm_add_ps(h, l);
  f32x4 weight = choose(_mm_cmplt_ps(f, ALL(0)), one, ALL(0.5f));
  f32x4 rest = _mm_mul_ps(weight, _mm_sub_ps(l, _mm_sub_ps(f, h)));
  return _mm_xor_ps(log_rebuilt(e, f, rest), ALL(-0.0f));
}

INLINE f32x4 exponential_of(i32x4 x) {
  i32x4 upper = _mm_srai_epi32(x, 31), m = _mm_xor_si128(x, upper);
  f32x4 high = _mm_mul_ps(_mm_cvtepi32_ps(_mm_and_si128(m, _mm_set1_epi32(~0x7f))), ALL(1 / TWO_TO_32));
  f32x4 rest = _mm_cvtepi32_ps(_mm_and_si128(m, _mm_set1_epi32(0x7f)));
  return negative_log(FLOATS(upper), high, _mm_mul_ps(_mm_add_ps(rest, ALL(0.5f)), ALL(1 / TWO_TO_32)));
}

/* an exponential of 32 more bits, for the words next to an end of their range */
static f32x4 extended(int32_t x, uint64_t element, uint32_t k0, uint32_t k1) {
  i32x4 words[4];
  i32x4 low = _mm_set1_epi32((int)element), high = _mm_set1_epi32((int)(element >> 32));
  philox_four(low, high, _mm_setzero_si128(), _mm_set1_epi32(DOMAIN_EXTENSION), k0, k1, words);
  uint64_t v = (uint64_t)(uint32_t)(x ^ x >> 31) << 32 | (uint32_t)_mm_cvtsi128_si32(words[0]);
  float leading = (float)(v & ~0xffffULL) / (float)TWO_TO_64, rest = ((float)(v & 0xffff) + 0.5f) / (float)TWO_TO_64;
  return negative_log(FLOATS(_mm_set1_epi32(x >> 31)), ALL(leading), ALL(rest));
}

/* dst_i = the Gumbel draw of element i of the key */
static void gumbel(float *dst, int count, uint32_t k0, uint32_t k1) {
  static int32_t words[BLOCK_WORDS + SLACK];
  for (int first = 0; first < count; first += BLOCK_WORDS) {
    int take = count - first < BLOCK_WORDS ? count - first : BLOCK_WORDS;
    words_of_block(words, take, (uint64_t)first / BLOCK_WORDS, k0, k1);
    for (int i = 0; i < take; i += 4) {
      i32x4 x = _mm_loadu_si128((i32x4 *)(words + i));
      f32x4 E = exponential_of(x);
      i32x4 m = _mm_xor_si128(x, _mm_srai_epi32(x, 31));
      int rare = _mm_movemask_ps(FLOATS(_mm_cmplt_epi32(m, _mm_set1_epi32(EXTEND_BELOW))));
      for (int lane = 0; rare; lane++, rare >>= 1) {
        if (!(rare & 1)) continue;
        f32x4 mask = FLOATS(_mm_cmpeq_epi32(_mm_setr_epi32(0, 1, 2, 3), _mm_set1_epi32(lane)));
        E = choose(mask, extended(words[i + lane], (uint64_t)(first + i + lane), k0, k1), E);
      }
      store_up_to(dst + first + i, _mm_xor_ps(log_of(E), ALL(-0.0f)), take - i);
    }
  }
}

/* ---- one draw per row by thinning: assembly/sample/categorical.ts ---- */

/* vectors that share an envelope vector */
INLINE int width_of(int n) { return n < THIN_FROM ? 1 : n < THIN_MORE_FROM ? 8 : 32; }

/* tops = the greatest of each envelope lane's elements, lanes of -Infinity behind the row; returns the greatest, NaN if
   one is NaN: the sum of all elements tells, and infinities, which are then looked at again */
static float tops_of(const float *x, float *tops, int n, int width, int vectors) {
  f32x4 all = ALL(-INFINITY), s0 = ALL(0), s1 = s0, s2 = s0, s3 = s0;
  int v = 0, i = 0;
  for (; i + 4 * width <= n && width >= 4; v++) {
    f32x4 t0 = ALL(-INFINITY), t1 = t0, t2 = t0, t3 = t0;
    for (int stop = i + 4 * width; i < stop; i += 16) {
      f32x4 v0 = _mm_loadu_ps(x + i), v1 = _mm_loadu_ps(x + i + 4);
      f32x4 v2 = _mm_loadu_ps(x + i + 8), v3 = _mm_loadu_ps(x + i + 12);
      t0 = pmax(t0, v0), t1 = pmax(t1, v1), t2 = pmax(t2, v2), t3 = pmax(t3, v3);
      s0 = _mm_add_ps(s0, v0), s1 = _mm_add_ps(s1, v1), s2 = _mm_add_ps(s2, v2), s3 = _mm_add_ps(s3, v3);
    }
    t0 = pmax(pmax(t0, t1), pmax(t2, t3));
    _mm_storeu_ps(tops + 4 * v, t0);
    all = pmax(all, t0);
  }
  for (; v < vectors; v++) {
    f32x4 top = ALL(-INFINITY);
    for (int k = 0; k < width && i < n; k++, i += 4) {
      f32x4 e = i + 4 <= n ? _mm_loadu_ps(x + i) : choose(up_to(n - i), _mm_loadu_ps(x + i), ALL(-INFINITY));
      top = pmax(top, e), s0 = _mm_add_ps(s0, e);
    }
    _mm_storeu_ps(tops + 4 * v, top);
    all = pmax(all, top);
  }
  s0 = _mm_add_ps(_mm_add_ps(s0, s1), _mm_add_ps(s2, s3));
  return _mm_cvtss_f32(_mm_movemask_ps(_mm_cmpunord_ps(s0, s0)) ? row_max(x, n) : greatest(all));
}

/* one class of each row, -1 where the maximum is not finite; scratch: room for a row and an eighth */
static void categorical(const float *x, int32_t *dst, int rows, int n, uint32_t k0, uint32_t k1, float *scratch) {
  int width = width_of(n), groups = (n + 16 * width - 1) / (16 * width);
  double *ends = (double *)scratch;
  float *envelope = scratch + 2 * groups;
  for (int r = 0; r < rows; r++, x += n) {
    float max = tops_of(x, envelope, n, width, 4 * groups);
    double total = 0;
    dst[r] = -1;
    if (max - max != 0) continue;
    bool reach = fabsf(max) <= EXPONENTS_REACH;
    f32x4 every = ALL(max);
    Exponents by = exponents_of(every);
    double most = reach ? _mm_cvtss_f32(power_of((float *)&every, by)) : 1;
    for (int g = 0; g < groups; g++) {
      f64x2 sum = _mm_setzero_pd();
      for (float *e = envelope + 16 * g, *end = e + 16; e < end; e += 4) {
        f32x4 w = _mm_mul_ps(weight_of(e, every, by, reach), ALL(ENVELOPE_F32));
        _mm_storeu_ps(e, w);
        sum = _mm_add_pd(sum, wide(w));
      }
      ends[g] = total += sum_of(sum);
    }
    for (int index = -1, attempt = 0; index < 0; attempt++) {
      i32x4 words[4];
      philox_four(_mm_set1_epi32(r), _mm_setzero_si128(), _mm_set1_epi32(attempt), _mm_set1_epi32(DOMAIN_CATEGORICAL), k0, k1, words);
      uint32_t word[4];
      for (int w = 0; w < 4; w++) word[w] = (uint32_t)_mm_cvtsi128_si32(words[w]);
      double target = (double)((uint64_t)word[0] << 21 | word[1] >> 11) * 0x1p-53 * total;
      int g = 0;
      for (int high = groups; g < high;) {
        int middle = (g + high) >> 1;
        if (target < ends[middle]) high = middle;
        else g = middle + 1;
      }
      if (g == groups) continue;
      double sum = g > 0 ? ends[g - 1] : 0;
      int i = 16 * g, end = i + 16;
      while (i < end && !(target < (sum += envelope[i]))) i++;
      int chosen = (i & ~3) * width + (int)(word[1] & (uint32_t)(width - 1)) * 4 + (i & 3);
      if (i == end || chosen >= n) continue;
      double u = ((double)((uint64_t)word[2] << 32 | word[3]) + 0.5) * 0x1p-64;
      if (u * envelope[i] < exp((double)x[chosen] - max) * most) dst[r] = index = chosen;
    }
  }
}
