import {createHash} from 'node:crypto'

import type {Credential} from './source.js'

/** Identifies a credential without revealing it: 64 hexadecimal characters. */
export function fingerprint({secret}: Pick<Credential, 'secret'>): string {
  return createHash('sha256').update(secret.expose()).digest('hex')
}
