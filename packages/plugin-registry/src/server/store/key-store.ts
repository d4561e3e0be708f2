import type {Actor} from './actor.js'
import type {Credential} from './credential.js'

/** A key that an author signs packages with. */
export interface AuthorKey {
  /** `SHA256:` followed by base64. */
  keyId: string
  /** The 32 raw bytes in base64. */
  publicKey: string
  name: string
  username: string
  /** `retired`: replaced by another key. */
  status: 'active' | 'retired' | 'revoked'
  createdAt: number
  /** When it was retired or revoked. */
  revokedAt: number | null
  reason: RevocationReason | null
  /** The new key, with this key's signature over its raw bytes. */
  rotatedTo: {keyId: string; attestation: string} | null
}

export type RevocationReason = 'key-compromise' | 'superseded' | 'unspecified'

export interface NewKey {
  keyId: string
  publicKey: string
  name: string
}

/** Whether the account proved that it holds a key's private half. */
export interface Possession {
  isProven?: boolean
}

/**
 * A key can be registered only once, by one account, and is never deleted. Changes check the credential again.
 */
export interface AuthorKeyStore {
  /** A user's keys, oldest first. */
  list(userId: string): Promise<AuthorKey[]>
  find(keyId: string, userId: string): Promise<AuthorKey | undefined>
  /**
   * Registering one's own active key again succeeds, and changes nothing but `isProven`. A proven key of another account is
   * taken over, unless that account proved to hold it, or signed something with it.
   */
  register(
    key: NewKey & Possession,
    limit: number,
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<AuthorKey | 'taken' | 'limit-reached' | 'credential-ended'>
  /**
   * A key that is retired or was revoked for another reason can still be revoked as compromised. `revokedAt` stays then.
   */
  revoke(
    revocation: {keyId: string; reason: RevocationReason; message: string | undefined},
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<AuthorKey | 'unknown' | 'not-active' | 'credential-ended'>
  /**
   * Retires a key and registers the new one, atomically. A new key that is registered already is refused, unless it is
   * proven and belongs to another account, as in `register`.
   *
   * @param rotation.attestation must be verified.
   */
  rotate(
    rotation: {
      oldKeyId: string
      key: Omit<NewKey, 'name'> & Possession & {name: string | undefined}
      attestation: string
    },
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<AuthorKey | 'unknown' | 'not-active' | 'taken' | 'credential-ended'>
}

/** A key of the registry. */
export interface SigningKey {
  keyId: string
  publicKey: string
  /** `revoked`: compromised, so its signatures are not valid. */
  status: 'active' | 'retired' | 'revoked'
  createdAt: number
  /** Null for the active key. */
  expiresAt: number | null
  rotatedFrom: {keyId: string; signature: string} | null
}

export type RotationReason = 'superseded' | 'key-compromise'

/** The registry's own keys. Private keys never leave the store. */
export interface SigningKeyStore {
  /** Creates the first key if there is none, and signs every version that no valid key attests yet. */
  ensure(now: number): Promise<void>
  /** Newest first. */
  list(): Promise<SigningKey[]>
  /**
   * Creates a new active key. It signs the integrity of each version, and after a compromise also the registry's
   * statements, since those of the old key are no longer valid.
   */
  rotate(reason: RotationReason, by: Actor, now: number): Promise<SigningKey>
}
