import { compact } from "./numbers.js";

/** A covariance of two columns: its matrix, 2 × 2, or its two variances alone. */
export type Covariance = readonly (readonly number[])[] | readonly number[];

/** How far an ellipse reaches from its mean. */
export const deviations = 2;

/** The points at which (x − m)ᵀ Σ⁻¹ (x − m) is the square of `deviations`: m + deviations · L · (cos, sin), with Σ = L Lᵀ. */
export function ellipse([x, y]: readonly number[], covariance: Covariance): { x: number[]; y: number[] } {
  const [one, other] = covariance;
  const [[xx], [xy, yy]] = typeof one === "number" ? [[one], [0, other as number]] : [one, other as readonly number[]];
  const a = Math.sqrt(xx);
  const b = xy / a;
  const c = Math.sqrt(yy - b * b);
  const angles = Array.from({ length: 25 }, (_, i) => (i * Math.PI) / 12);
  return {
    x: compact(
      angles.map((angle) => x + deviations * a * Math.cos(angle)),
      4,
    ),
    y: compact(
      angles.map((angle) => y + deviations * (b * Math.cos(angle) + c * Math.sin(angle))),
      4,
    ),
  };
}
