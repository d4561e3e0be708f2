import type {DownloadStore} from '../store/store.js'
import {startOfDay} from '../store/days.js'

/** How long downloads are counted before they are written, in milliseconds. */
const interval = 10_000

interface CounterOptions {
  store: Pick<DownloadStore, 'add'>
  /** Called if downloads could not be written. They are kept for the next attempt. */
  onFailure: (error: unknown) => void
  /** While it is true, nothing is written. */
  isPaused: () => boolean
}

/** Counts downloads of packages, and adds them to the store from time to time. */
export class DownloadCounter {
  /** By the day and the name of a package. */
  #pending = new Map<string, {name: string; day: number; count: number}>()
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(private readonly options: CounterOptions) {}

  /** @param time when it was downloaded */
  add(name: string, time: number): void {
    this.#add({name, day: startOfDay(time), count: 1})
  }

  /** Writes what was counted. */
  async close(): Promise<void> {
    await this.#write()
    clearTimeout(this.#timer)
  }

  #add(added: {name: string; day: number; count: number}): void {
    const key = `${added.day} ${added.name}`
    const known = this.#pending.get(key)
    if (known) known.count += added.count
    else this.#pending.set(key, added)
    this.#timer ??= setTimeout(() => void this.#write(), interval).unref()
  }

  #write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    return (this.#writing = this.#writing.then(() => this.#writeNow()))
  }

  async #writeNow(): Promise<void> {
    const counted = [...this.#pending.values()]
    this.#pending = new Map()
    if (counted.length === 0) return
    try {
      if (this.options.isPaused()) throw new Error('the database is not in use')
      await this.options.store.add(counted)
    } catch (error) {
      for (const each of counted) this.#add(each)
      this.options.onFailure(error)
    }
  }
}
