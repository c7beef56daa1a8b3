/** What src/js/sample/gumbel_sigmoid_vjp.ts explains. */
function derivative(v: f64, temperature: f64, slope: f64): f64 {
  if (v != v) return v;
  return temperature == 0 || v - v != 0 ? 0 : slope;
}

export function gumbel_sigmoid_vjp(y: usize, dy: usize, dst: usize, count: i32, temperature: f64): void {
  for (let i: usize = 0, bytes = (<usize>count) << 3; i < bytes; i += 8) {
    const v = load<f64>(y + i);
    store<f64>(dst + i, derivative(v, temperature, (load<f64>(dy + i) * v * (1 - v)) / temperature));
  }
}

export function logit_bin_concrete_vjp(z: usize, dz: usize, dst: usize, count: i32, temperature: f64): void {
  for (let i: usize = 0, bytes = (<usize>count) << 3; i < bytes; i += 8) {
    store<f64>(dst + i, derivative(load<f64>(z + i), temperature, load<f64>(dz + i) / temperature));
  }
}

export function logit_bin_concrete_vjp_temperature(
  z: usize,
  dz: usize,
  dst: usize,
  count: i32,
  temperature: f64,
): void {
  for (let i: usize = 0, bytes = (<usize>count) << 3; i < bytes; i += 8) {
    const v = load<f64>(z + i);
    store<f64>(dst + i, derivative(v, temperature, (-v / temperature) * load<f64>(dz + i)));
  }
}
