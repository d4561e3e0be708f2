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
  const entries = Object.entries(methods).map(([name, method]) => [
    name,
    typeof method === 'function'
      ? measured((method as Method).bind(methods), durations, nameOf(name))
      : (method as unknown),
  ])
  return Object.fromEntries(entries) as Methods
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
