/** The peak of this process's memory so far, in MiB. */
export function peakMemory(): number
