import type {Token} from '../../src/account/token/token.js'
import {unrestricted} from './unrestricted.js'

/** A token that a registry could have listed. */
export function tokenWith(changes: Partial<Token> = {}): Token {
  return {
    id: '7k3f9q2m7k3f9q2m',
    label: 'ci',
    prefix: 'apkgt_AbCdEf',
    note: null,
    scopes: ['read', 'publish'],
    packages: [],
    ...unrestricted,
    organization: null,
    createdBy: null,
    status: 'active',
    valueEndedAt: null,
    createdAt: '2027-01-01T00:00:00Z',
    rotatedAt: null,
    lastUsedAt: null,
    lastUse: null,
    expiresAt: null,
    suspendedAt: null,
    suspensions: [],
    revokedAt: null,
    revokedBy: null,
    generation: null,
    oldValue: null,
    ...changes,
  }
}
