/** Returns the peak memory of this process so far, in MiB. */
export function peakMemory(): number
