import type {Actor} from './actor.js'
import type {UserCredential} from './credential.js'

/** A key that an author signs packages with. */
export interface AuthorKey {
  /** `SHA256:` followed by base64. */
  keyId: string
  /** The 32 raw bytes in base64. */
  publicKey: string
  name: string
  username: string
  /** A `retired` key was replaced by another one. */
  status: 'active' | 'retired' | 'revoked'
  createdAt: number
  /** When the key was retired or revoked. Null for an active key. */
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

/** Whether the account proved that it holds the private key. */
export interface Possession {
  isProven?: boolean
}

/**
 * Authors' signing keys. A key can be registered only once, by one account, and is never deleted. Changes check the
 * credential again.
 */
export interface AuthorKeyStore {
  /** A user's keys, oldest first. */
  list(userId: string): Promise<AuthorKey[]>
  find(keyId: string, userId: string): Promise<AuthorKey | undefined>
  /**
   * Registers a key. Registering your own active key again only updates `isProven`. With proof of possession, a key of
   * another account is taken over, unless that account also proved possession or signed something with it.
   */
  register(
    key: NewKey & Possession,
    limit: number,
    credential: UserCredential,
    by: Actor,
    now: number,
  ): Promise<AuthorKey | 'taken' | 'limit-reached' | 'credential-ended'>
  /**
   * Revokes a key. A key that was retired, or revoked for another reason, can still be revoked as compromised.
   * `revokedAt` then stays the same.
   */
  revoke(
    revocation: {keyId: string; reason: RevocationReason; message: string | undefined},
    credential: UserCredential,
    by: Actor,
    now: number,
  ): Promise<AuthorKey | 'unknown' | 'not-active' | 'credential-ended'>
  /**
   * Retires a key and registers the new one, atomically. A new key that is already registered is refused, unless it can
   * be taken over as in `register`.
   *
   * @param rotation.attestation the old key's signature over the new one, already verified
   */
  rotate(
    rotation: {
      oldKeyId: string
      key: Omit<NewKey, 'name'> & Possession & {name: string | undefined}
      attestation: string
    },
    credential: UserCredential,
    by: Actor,
    now: number,
  ): Promise<AuthorKey | 'unknown' | 'not-active' | 'taken' | 'credential-ended'>
}

/** A signing key of the registry. */
export interface SigningKey {
  keyId: string
  publicKey: string
  /** A `revoked` key is compromised, and its signatures are invalid. */
  status: 'active' | 'retired' | 'revoked'
  createdAt: number
  /** When the key was replaced. Null for the active key. */
  expiresAt: number | null
  rotatedFrom: {keyId: string; signature: string} | null
}

export type RotationReason = 'superseded' | 'key-compromise'

/** The registry's own keys. Private keys never leave the store. */
export interface SigningKeyStore {
  /** Creates the first key if there is none, and signs every version that no valid key attests yet. */
  ensure(now: number): Promise<void>
  /** Lists the registry's keys, newest first. */
  list(): Promise<SigningKey[]>
  /**
   * Creates a new active key, which signs the integrity of each version. After a compromise, it also signs the
   * registry's statements, because signatures by the old key are no longer valid.
   */
  rotate(reason: RotationReason, by: Actor, now: number): Promise<SigningKey>
}
