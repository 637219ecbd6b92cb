/** How near two ends come, as a share of themselves. */
const near = 1e-13;

/**
 * Where a function of positive numbers falls through 0: near a guess if it does so there, within bounds. At the bound
 * that it points to where it does not.
 *
 * From the guess, steps double until the sign changes; then false position closes in, its kept end halved in weight
 * (the Illinois rule), on a logarithmic scale.
 *
 * @see Dahlquist & Björck (1974), Numerical methods, section 6.4
 */
export function fallThrough(f: (x: number) => number, guess: number, least: number, greatest: number): number {
  const start = Math.min(Math.max(guess, least), greatest);
  const first = f(start);
  if (first === 0) return start;
  const up = first > 0;
  let [a, fa] = [start, first];
  let [b, fb] = [start, first];
  for (let factor = 1.1; fb > 0 === up; factor *= factor) {
    if (b === (up ? greatest : least)) return b;
    [a, fa] = [b, fb];
    b = up ? Math.min(a * factor, greatest) : Math.max(a / factor, least);
    fb = f(b);
    if (fb === 0) return b;
  }
  let [s, t] = [Math.log(a), Math.log(b)];
  for (let round = 0; round < 200 && Math.abs(t - s) > near; round++) {
    const next = t - (fb * (t - s)) / (fb - fa);
    const value = f(Math.exp(next));
    if (value === 0 || !Number.isFinite(value)) return Math.exp(next);
    if (value > 0 === fb > 0) fa /= 2;
    else [s, fa] = [t, fb];
    if (Math.abs(next - t) <= near) return Math.exp(next);
    [t, fb] = [next, value];
  }
  return Math.exp(t);
}
