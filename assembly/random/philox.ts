import * as c from '../shared';

const MULTIPLIERS: usize = memory.data<i32>([<i32>c.PHILOX_M0, <i32>c.PHILOX_M1]);
const STEPS: usize = memory.data<i32>([<i32>c.PHILOX_W0, <i32>c.PHILOX_W1]);
const LANES: usize = memory.data<i32>([0, 1, 2, 3, 4, 5, 6, 7], 16);
const ONE: usize = memory.data(64);

/** Philox4x32-10 (Salmon et al. 2011) and the blocks of random words that it seeds. See src/js/random/philox.ts. */
export abstract class Philox {
  /** The word that the products a m, and the words x and k, give: the high halves of the products, xor the others. */
  @inline static mixed(a: v128, m: v128, x: v128, k: u32): v128 {
    const high = v128.shuffle<i32>(i64x2.extmul_low_i32x4_u(a, m), i64x2.extmul_high_i32x4_u(a, m), 1, 3, 5, 7);
    return v128.xor(high, v128.xor(x, i32x4.splat(k)));
  }

  /** Four evaluations at counters (c0, c1, c2, c3) lane by lane; the four output words are stored 16 bytes apart at dst. */
  static four(c0: v128, c1: v128, c2: v128, c3: v128, k0: u32, k1: u32, dst: usize): void {
    const m0 = v128.load32_splat(MULTIPLIERS),
      m1 = v128.load32_splat(MULTIPLIERS, 4);
    let k = i32x4.splat(k0),
      l = i32x4.splat(k1);
    for (let round = 0; round < 10; round++) {
      const a = i64x2.extmul_low_i32x4_u(c0, m0),
        b = i64x2.extmul_high_i32x4_u(c0, m0),
        d = i64x2.extmul_low_i32x4_u(c2, m1),
        e = i64x2.extmul_high_i32x4_u(c2, m1);
      c0 = v128.xor(v128.shuffle<i32>(d, e, 1, 3, 5, 7), v128.xor(c1, k));
      c2 = v128.xor(v128.shuffle<i32>(a, b, 1, 3, 5, 7), v128.xor(c3, l));
      c1 = v128.shuffle<i32>(d, e, 0, 2, 4, 6);
      c3 = v128.shuffle<i32>(a, b, 0, 2, 4, 6);
      k = i32x4.add(k, v128.load32_splat(STEPS));
      l = i32x4.add(l, v128.load32_splat(STEPS, 4));
    }
    v128.store(dst, c0);
    v128.store(dst, c1, 16);
    v128.store(dst, c2, 32);
    v128.store(dst, c3, 48);
  }

  @inline static rotl(x: v128, k: i32): v128 {
    return v128.or(i32x4.shl(x, k), i32x4.shr_u(x, 32 - k));
  }

  /** The first `count` words (rounded up to eight) of a block of a key's words, at dst; 128 bytes at dst are used at least. */
  static block(dst: usize, count: i32, block: u64, k0: u32, k1: u32): void {
    const low = i32x4.splat(<i32>block),
      high = i32x4.splat(<i32>(block >> 32)),
      domain = i32x4.splat(c.DOMAIN_WORDS);
    // two times four, in turns: neither waits for the other
    const m0 = v128.load32_splat(MULTIPLIERS),
      m1 = v128.load32_splat(MULTIPLIERS, 4);
    let s0 = low,
      s1 = high,
      s2 = v128.load(LANES),
      s3 = domain;
    let t0 = low,
      t1 = high,
      t2 = v128.load(LANES, 16),
      t3 = domain;
    for (let round = 0; round < 10; round++) {
      const a = Philox.mixed(s2, m1, s1, k0),
        b = Philox.mixed(s0, m0, s3, k1);
      const d = Philox.mixed(t2, m1, t1, k0),
        e = Philox.mixed(t0, m0, t3, k1);
      s1 = i32x4.mul(s2, m1);
      s3 = i32x4.mul(s0, m0);
      t1 = i32x4.mul(t2, m1);
      t3 = i32x4.mul(t0, m0);
      s0 = a;
      s2 = b;
      t0 = d;
      t2 = e;
      k0 += <u32>c.PHILOX_W0;
      k1 += <u32>c.PHILOX_W1;
    }
    const end = dst + ((<usize>count) << 2);
    for (; dst < end; dst += 32) {
      v128.store(dst, i32x4.add(Philox.rotl(i32x4.add(s0, s3), 7), s0));
      v128.store(dst, i32x4.add(Philox.rotl(i32x4.add(t0, t3), 7), t0), 16);
      const s = i32x4.shl(s1, 9),
        t = i32x4.shl(t1, 9);
      s2 = v128.xor(s2, s0);
      t2 = v128.xor(t2, t0);
      s3 = v128.xor(s3, s1);
      t3 = v128.xor(t3, t1);
      s1 = v128.xor(s1, s2);
      t1 = v128.xor(t1, t2);
      s0 = v128.xor(s0, s3);
      t0 = v128.xor(t0, t3);
      s2 = v128.xor(s2, s);
      t2 = v128.xor(t2, t);
      s3 = Philox.rotl(s3, 11);
      t3 = Philox.rotl(t3, 11);
    }
  }

  /** One evaluation, whose words are as far apart: both products of a round in one vector. 64 bytes at dst are used. */
  static one(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32, dst: usize): void {
    const m = v128.load64_splat(MULTIPLIERS),
      step = v128.load64_splat(STEPS);
    let even = Philox.pair(c0, c2),
      odd = Philox.pair(c1, c3),
      key = Philox.pair(k0, k1);
    for (let round = 0; round < 10; round++) {
      const product = i64x2.extmul_low_i32x4_u(even, m),
        turned = v128.shuffle<i32>(product, product, 3, 1, 2, 0);
      even = v128.xor(turned, v128.xor(odd, key));
      odd = v128.shuffle<i32>(turned, turned, 2, 3, 0, 1);
      key = i32x4.add(key, step);
    }
    v128.store(dst, even);
    v128.store(dst, odd, 16);
    v128.store(dst, v128.shuffle<i32>(even, even, 1, 0, 3, 2), 32);
    v128.store(dst, v128.shuffle<i32>(odd, odd, 1, 0, 3, 2), 48);
  }

  @inline static pair(low: u32, high: u32): v128 {
    return i64x2.splat((<u64>low) | ((<u64>high) << 32));
  }

  /** The extension word of flat element i: the first output at counter (i low, i high, 0, DOMAIN_EXTENSION). */
  static extension(i: u64, k0: u32, k1: u32): u32 {
    Philox.one(<u32>i, <u32>(i >> 32), 0, c.DOMAIN_EXTENSION, k0, k1, ONE);
    return load<u32>(ONE);
  }
}
