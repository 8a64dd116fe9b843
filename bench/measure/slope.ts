import { spreadOf } from './median';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The median of the slopes between any two points (Theil and Sen): a process that has just not given its garbage back, by
 * 80 MiB, says nothing of how it grows.
 *
 * @param points With different `x`. Of less than two there is no slope: 0.
 */
export function slopeOf(points: readonly Point[]): number {
  const slopes = points.flatMap((one, index) =>
    points.slice(index + 1).map((other) => (other.y - one.y) / (other.x - one.x)),
  );
  return slopes.length === 0 ? 0 : spreadOf(slopes).median;
}
