/**
 * log n! for an integer: the logarithm of the product below 16, Stirling's series from there.
 */
export function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let factor = 2; factor <= n; factor++) product *= factor;
    return Math.log(product);
  }
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + rest(n);
}

/**
 * What Stirling's formula lacks: log Γ(z) − ((z − ½) log z − z + ½ log 2π). From 16 on the first term left out is below
 * 1e-14.
 * @see Abramowitz & Stegun, Handbook of Mathematical Functions, 6.1.41
 */
function rest(z: number): number {
  const square = z * z;
  return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / z;
}

/** log Γ(z + h) − log Γ(z), z > 0 and h ≥ 0, to rounding, also where z is so large that both are far larger than that. */
export function logGammaRatio(z: number, h: number): number {
  // Γ(z + 1) = z Γ(z), until Stirling's formula holds.
  let shift = 0;
  let from = z;
  for (; from < 16; from++) shift += Math.log(from / (from + h));
  return shift + (from - 0.5) * Math.log1p(h / from) + h * Math.log(from + h) - h + rest(from + h) - rest(from);
}

/**
 * ψ(z + h) − ψ(z), ψ being the derivative of log Γ; z > 0 and h ≥ 0.
 * @see Abramowitz & Stegun, Handbook of Mathematical Functions, 6.3.18
 */
export function digammaRise(z: number, h: number): number {
  let shift = 0;
  let from = z;
  for (; from < 16; from++) shift += h / (from * (from + h));
  // 1 / z − 1 / (z + h), which a difference would round away.
  const reciprocals = h / (from * (from + h));
  return shift + Math.log1p(h / from) + 0.5 * reciprocals - (tail(from + h) - tail(from));
}

/** ψ(z) = log z − 1 / 2z − tail(z): from 16 on the first term left out is below 1e-13. */
function tail(z: number): number {
  const square = z * z;
  return (1 / 12 - (1 / 120 - (1 / 252 - 1 / (240 * square)) / square) / square) / square;
}
