import type {Scope} from '@apkg/wire'

interface StoredCredential {
  id: string
  owner: {id: string; name: string; email: string; mfaEnabled: boolean; disabledAt: number | null}
  expiresAt: number | null
  revokedAt: number | null
  /** Of a session, the first use. */
  lastUsedAt: number | null
}

export type Credential =
  | (StoredCredential & {kind: 'session'})
  | (StoredCredential & {
      kind: 'token'
      label: string
      prefix: string
      scopes: Scope[]
      patterns: string[]
      suspendedAt: number | null
    })

export interface CredentialLookup {
  find(kind: 'session' | 'token', hash: Uint8Array): Promise<Credential | undefined>
  /** Records a use in the background, for a token at most once a minute. Never throws. */
  recordUse(credential: Credential, now: number): void
}
