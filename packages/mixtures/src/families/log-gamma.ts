/**
 * log n!, exactly below 16 and by Stirling's series from there, where the first term left out is below 1e-14.
 * @see Abramowitz & Stegun, Handbook of Mathematical Functions, 6.1.41
 */
export function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let factor = 2; factor <= n; factor++) product *= factor;
    return Math.log(product);
  }
  const square = n * n;
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / n;
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
}
