import {setImmediate as nextTurn} from 'node:timers/promises'

import {collectDefaultMetrics, Counter, Gauge, Histogram, Registry} from 'prom-client'

import type {ObservedQueue, ObservedRequest, ServerObserver} from '../http/observer.js'
import type {RegistryStore} from '../store/store.js'
import type {Durations} from './timed.js'

export interface MetricsOptions {
  store: Pick<RegistryStore, 'counts'>
  clock: () => Date
  /** Whether requests are refused because of the state of the database. */
  isRefusing: () => boolean
}

/** Upper limits in seconds, from a lookup to a large upload. */
const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const storeBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5]

/** How long counted rows are reported before they are counted again, in milliseconds. */
const maxCountAge = 5 * 60_000

/** The metrics of a server, in the text format of Prometheus. */
export class ServerMetrics implements ServerObserver {
  readonly #registry = new Registry()
  readonly #requests: Counter<'method' | 'route' | 'status'>
  readonly #requestTimes: Histogram<'method' | 'route'>
  /** Durations of the store and of the blobs, which `timed` measures. */
  readonly store: Durations
  readonly blobs: Durations
  readonly #counted: Gauge<'kind'>
  #countedAt = -Infinity

  constructor(private readonly options: MetricsOptions) {
    const registers = [this.#registry]
    collectDefaultMetrics({register: this.#registry})
    this.#requests = new Counter({
      ...{name: 'apkg_http_requests_total', help: 'Requests by route and status', registers},
      labelNames: ['method', 'route', 'status'],
    })
    this.#requestTimes = new Histogram({
      ...{name: 'apkg_http_request_duration_seconds', help: 'Time until a response was sent', registers},
      ...{labelNames: ['method', 'route'], buckets: requestBuckets},
    })
    this.store = durations('store', 'part', registers)
    this.blobs = durations('blob', 'operation', registers)
    this.#counted = new Gauge({
      ...{name: 'apkg_rows', help: 'Active tokens, packages and pending webhooks', labelNames: ['kind'], registers},
      collect: async () => {
        await this.#count()
      },
    })
    const {isRefusing} = options
    new Gauge({
      ...{name: 'apkg_database_refused', help: '1 if the database is not served because it was rolled back', registers},
      collect() {
        this.set(isRefusing() ? 1 : 0)
      },
    })
  }

  watch({queues, packumentCache}: {queues: Record<string, ObservedQueue>; packumentCache: {readonly size: number}}) {
    const registers = [this.#registry]
    for (const state of ['running', 'waiting'] as const) {
      new Gauge({
        ...{name: `apkg_queue_${state}`, help: `Limited work that is ${state}`, labelNames: ['queue'], registers},
        collect() {
          for (const [queue, at] of Object.entries(queues)) this.set({queue}, at[state])
        },
      })
    }
    new Gauge({
      ...{name: 'apkg_packument_cache_bytes', help: 'Serialized packuments in memory', registers},
      collect() {
        this.set(packumentCache.size)
      },
    })
  }

  observeRequest({method, route = 'unmatched', status, seconds}: ObservedRequest): void {
    this.#requests.inc({method, route, status: status ?? 'aborted'})
    this.#requestTimes.observe({method, route}, seconds)
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }

  /** Counts rows in steps, because counting a million at once would block the event loop. */
  async #count(): Promise<void> {
    const now = this.options.clock().getTime()
    if (Math.abs(now - this.#countedAt) < maxCountAge) return
    this.#countedAt = now
    const {counts} = this.options.store
    for (const kind of ['tokens', 'packages', 'webhooks'] as const) {
      let total = 0
      let step = await counts.next(kind, undefined, now)
      for (; step.last !== undefined; step = await counts.next(kind, step.last, now)) {
        total += step.count
        await nextTurn()
      }
      total += step.count
      this.#counted.set({kind}, total)
    }
  }
}

function durations(name: string, label: string, registers: Registry[]): Durations {
  const times = new Histogram({
    ...{name: `apkg_${name}_duration_seconds`, help: `Time that calls of the ${name} store take`, registers},
    ...{labelNames: [label], buckets: storeBuckets},
  })
  const errors = new Counter({
    ...{name: `apkg_${name}_errors_total`, help: `Calls of the ${name} store that failed`, registers},
    labelNames: [label],
  })
  return {
    observe: (operation, seconds) => {
      times.observe({[label]: operation}, seconds)
    },
    fail: (operation) => {
      errors.inc({[label]: operation})
    },
  }
}
