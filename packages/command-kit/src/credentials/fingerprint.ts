import {createHash} from 'node:crypto'

import type {Credential} from './source.js'

/** Tells credentials apart without showing them: hexadecimal, 64 characters. */
export function fingerprint({secret}: Pick<Credential, 'secret'>): string {
  return createHash('sha256').update(secret.expose()).digest('hex')
}
