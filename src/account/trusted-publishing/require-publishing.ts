import type {RegistryClient} from '@apkg/command-kit'

import {failure} from '../failures.js'
import {ifOffered} from './not-offered.js'

/** Whether only trusted publishers can change the packages of a scope. */
export interface PublishingRequirement {
  /** The scope, such as `@acme/*`. */
  package: string
  required: boolean
}

/** @throws {ApkgError} `NOT_OFFERED`; `BAD_RESPONSE` if the registry stored something else; the errors of the client */
export async function requirePublishing(client: RegistryClient, wanted: PublishingRequirement): Promise<void> {
  const purpose = 'require trusted publishing'
  const stored = await ifOffered(client, purpose, () => client.call('requireTrustedPublishing', {body: wanted}))
  if (stored.package === wanted.package && stored.required === wanted.required) return
  throw failure('BAD_RESPONSE', {purpose, registry: client.registry, reason: 'it stored something else'})
}
