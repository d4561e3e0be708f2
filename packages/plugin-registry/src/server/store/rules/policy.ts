import {assertOpenPolicy} from '../move-mark.js'
import {defaultPolicy, formatSetting, parsePolicy, type RegistryPolicy} from '../policy.js'
import {first, type Port, run, statement, type Step, together} from '../port.js'
import type {PolicyStore} from '../store.js'
import {isWithinLifetime} from '../token-lifetime.js'
import {recordChange} from './audit.js'
import {tables} from './tables.js'

/**
 * A column with the stored settings. Other statements include it, so that reading it doesn't need another round trip.
 */
export const policyColumn = `(SELECT string_agg(name || '=' || value, ' ') FROM policy) AS policy`

const readSettings = statement<{policy: string | null}>(`SELECT ${policyColumn}`)

/** Finds the stored settings, which `parsePolicy` reads. */
export function findPolicy(): Step<{policy: string | null} | undefined> {
  return first(readSettings())
}

export function createPolicyStore(port: Port): PolicyStore {
  return {
    async read() {
      const found = await port.ask(findPolicy())
      assertOpenPolicy(found?.policy)
      return parsePolicy(found?.policy)
    },

    set: (change, by, now) =>
      port.write(function* () {
        const before = parsePolicy((yield* findPolicy())?.policy)
        const after: RegistryPolicy = {...before, ...change}
        const {maxTokenLifetime: longest, defaultTokenLifetime: usual} = after
        if (usual !== null && longest !== null && !isWithinLifetime(usual, longest)) return 'default-too-long'
        const names = (Object.keys(defaultPolicy) as (keyof RegistryPolicy)[]).filter((name) => name in change)
        for (const name of names) {
          const value = formatSetting(after[name])
          yield* together([
            run(
              tables
                .insertInto('policy')
                .values({name, value})
                .onConflict((conflict) => conflict.column('name').doUpdateSet({value})),
            ),
            recordChange({
              at: now,
              action: 'policy.set',
              by,
              detail: {name, value, before: formatSetting(before[name])},
            }),
          ])
        }
        return 'set'
      }),
  }
}
