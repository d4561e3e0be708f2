/** The result of reading the database's clock. Times are in milliseconds. */
interface Sample {
  /** The time since 1970 on the database, at `at`. */
  time: number
  /** On this process's monotonic clock. */
  at: number
  /** How much the time can be wrong. */
  error: number
  /** By how much the machine's clock was ahead of its monotonic clock. */
  ahead: number
}

/** How often to read it, in milliseconds. */
const interval = 1000

/** How fast a clock may run away from another. NTP corrects clocks by up to 500 ppm. */
const maxDrift = 0.0005

/** The clocks of a process. */
export interface LocalClocks {
  /** Milliseconds that only go forward. */
  monotonic(): number
  /** Milliseconds since 1970. */
  wall(): number
}

const localClocks: LocalClocks = {monotonic: () => performance.now(), wall: () => Date.now()}

/**
 * The time of the database, which all processes of a registry share. Some round trips also ask for it, and in between,
 * the process's monotonic clock keeps counting.
 */
export class DatabaseClock {
  #sample: Sample | undefined

  constructor(private readonly clocks: LocalClocks = localClocks) {}

  /** Whether the next round trip should ask for the time. */
  get isDue(): boolean {
    return !this.#sample || this.clocks.monotonic() - this.#sample.at >= interval || this.#jump(this.#sample) > interval
  }

  /** Begins to ask. Call the result with the time that the database returned, in milliseconds since 1970. */
  ask(): (time: number) => void {
    const {clocks} = this
    const sentAt = clocks.monotonic()
    return (time) => {
      const at = clocks.monotonic()
      const error = (at - sentAt) / 2
      this.#learn({time: time + error, at, error, ahead: clocks.wall() - at})
    }
  }

  /** Milliseconds since 1970. Before the first response, the time of this machine. */
  now(): number {
    if (!this.#sample) return this.clocks.wall()
    return Math.round(this.#sample.time + this.clocks.monotonic() - this.#sample.at)
  }

  /** How much `now` can be wrong, in milliseconds. */
  get uncertainty(): number {
    if (!this.#sample) return Infinity
    const age = this.clocks.monotonic() - this.#sample.at
    return this.#sample.error + age * maxDrift + this.#jump(this.#sample)
  }

  /** By how much the time of this machine is ahead, in milliseconds. */
  get offset(): number {
    return this.clocks.wall() - this.now()
  }

  /** How far the clocks of this process moved apart: monotonic clocks stop while a machine is suspended. */
  #jump({ahead, at}: Sample): number {
    const {clocks} = this
    const drift = (clocks.monotonic() - at) * maxDrift
    return Math.max(Math.abs(clocks.wall() - clocks.monotonic() - ahead) - drift, 0)
  }

  /** A slow response is less exact than an earlier one, unless they contradict each other. */
  #learn(sample: Sample): void {
    const isExact = sample.error <= this.uncertainty
    const difference = Math.abs(sample.time - this.now())
    if (isExact || difference > sample.error + this.uncertainty) this.#sample = sample
  }
}
