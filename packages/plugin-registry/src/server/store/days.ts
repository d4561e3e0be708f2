/** In milliseconds. */
export const dayLength = 24 * 3_600_000

/** When the day of a time began, in UTC. */
export function startOfDay(time: number): number {
  return Math.floor(time / dayLength) * dayLength
}
