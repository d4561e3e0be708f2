import type {Ask, Port, Rule} from '../../src/server/store/port.js'

/**
 * A port that counts round trips.
 *
 * @param commitTrips how many the end of a transaction with changes takes
 */
export function countedPort(port: Port, commitTrips: number): {port: Port; count: () => number} {
  let count = 0

  function* counted<Result>(rule: Rule<Result>): Rule<Result> {
    const running = rule as Generator<Ask, Result, unknown>
    let next = running.next()
    while (!next.done) {
      count++
      next = running.next(yield next.value)
    }
    return next.value
  }

  return {
    count: () => count,
    port: {
      ask: (ask: never) => {
        count++
        return port.ask(ask) as never
      },
      read: (rule) => port.read(() => counted(rule())),
      write(rule, options) {
        count += commitTrips
        return port.write(() => counted(rule()), options)
      },
      close: () => port.close(),
    },
  }
}
