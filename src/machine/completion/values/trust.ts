import {scopeOf} from '@apkg/package-format'

import {findProject} from '../../../project/find-project.js'
import {readProject} from '../../../project/read-project.js'
import {policyValues as valuesOf} from '../../../trust/set-policy.js'
import {readTrust} from '../../../trust/trust-store.js'
import type {ValueSource} from './value-source.js'

/** The scopes with a route. */
export const pinnedScopes: ValueSource = {
  async known(_wanted, {home}) {
    const {scopes} = await readTrust(home)
    return Object.entries(scopes).map(([value, registry]) => ({value, description: `from ${registry}`}))
  },
}

/** The scopes with a route, and the scopes of the project and its dependencies. */
export const scopes: ValueSource = {
  async known(wanted, machine) {
    const pinned = (await pinnedScopes.known?.(wanted, machine)) ?? []
    const {manifest} = await readProject(findProject(machine)).catch(() => ({manifest: undefined}))
    const names = manifest ? [manifest.name, ...Object.keys(manifest.dependencies)] : []
    const scoped = names.filter((name) => scopeOf(name) !== '')
    const others = scoped.map((name) => ({value: scopeOf(name), description: `scope of ${name}`}))
    return [...new Map([...others, ...pinned].map((each) => [each.value, each])).values()]
  },
}

/** The values of the preceding policy. */
export const policyValues: ValueSource = {
  known({args: [policy = '']}) {
    const values = Object.entries(valuesOf).find(([each]) => each === policy)?.[1] ?? []
    return Promise.resolve(values.map((value) => ({value, description: ''})))
  },
}
