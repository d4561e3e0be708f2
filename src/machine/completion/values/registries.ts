import {canonicalRegistry, CredentialStore, publicRegistry, readConfig} from '@apkg/command-kit'

import type {Candidate} from './candidate.js'
import type {Machine, ValueSource} from './value-source.js'

/** The public registry, those that the user is logged in to, and the ones in the configuration and `APKG_REGISTRY`. */
export const registries: ValueSource = {
  async known(_wanted, machine) {
    const found = await Promise.all(
      [publicOne, stored, configured, fromVariable].map((find) => find(machine).catch(none)),
    )
    return [...new Map(found.flat().map((each) => [each.value, each])).values()]
  },
}

const none = (): Candidate[] => []

function publicOne(): Promise<Candidate[]> {
  return Promise.resolve([{value: publicRegistry, description: 'the public registry'}])
}

async function stored({home}: Machine): Promise<Candidate[]> {
  const sets = await new CredentialStore(home).list()
  return sets.map(({registry, username}) => ({value: registry, description: `logged in as ${username}`}))
}

async function configured({home}: Machine): Promise<Candidate[]> {
  const {registry} = await readConfig(home)
  if (registry === undefined) return []
  return [{value: canonicalRegistry(registry, 'config.json'), description: 'configured'}]
}

async function fromVariable({env}: Machine): Promise<Candidate[]> {
  const {APKG_REGISTRY: named} = env
  if (named === undefined) return []
  return Promise.resolve([{value: canonicalRegistry(named, 'APKG_REGISTRY'), description: 'APKG_REGISTRY'}])
}
