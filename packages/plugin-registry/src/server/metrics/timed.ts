/** Receives how long operations take, and which fail. */
export interface Durations {
  observe(operation: string, seconds: number): void
  fail(operation: string): void
}

type Method = (...parameters: unknown[]) => unknown

/**
 * Measures the methods of an object that return promises.
 *
 * @param nameOf the operation that a method is counted as
 */
export function timed<Methods extends object>(
  methods: Methods,
  durations: Durations,
  nameOf: (method: string) => string,
): Methods {
  const wrapped = new Map<string, Method>()
  return new Proxy(methods, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name, target)
      if (typeof method !== 'function' || typeof name !== 'string') return method
      let known = wrapped.get(name)
      if (!known) wrapped.set(name, (known = measured((method as Method).bind(target), durations, nameOf(name))))
      return known
    },
  })
}

/** Measures each part of a store, counted by part. Methods of the store itself are not measured. */
export function timedParts<Parts extends object>(parts: Parts, durations: Durations): Parts {
  const entries = Object.entries(parts).map(([part, methods]: [string, unknown]) => [
    part,
    typeof methods === 'object' && methods !== null ? timed(methods, durations, () => part) : methods,
  ])
  return Object.fromEntries(entries) as Parts
}

function measured(method: Method, durations: Durations, operation: string): Method {
  return (...parameters) => {
    const start = performance.now()
    const result = method(...parameters)
    // An iterator is read later.
    if (!(result instanceof Promise)) return result
    const end = () => {
      durations.observe(operation, (performance.now() - start) / 1000)
    }
    return result.finally(end).catch((error: unknown) => {
      durations.fail(operation)
      throw error
    })
  }
}
