import type {Actor} from './actor.js'
import type {Credential} from './credential.js'

/** A key that somebody signs their packages with. */
export interface AuthorKey {
  /** `SHA256:` and base64. */
  keyId: string
  /** base64 of the 32 raw bytes. */
  publicKey: string
  name: string
  username: string
  /** `retired`: another key took its place. */
  status: 'active' | 'retired' | 'revoked'
  createdAt: number
  /** When it was retired or revoked. */
  revokedAt: number | null
  reason: RevocationReason | null
  /** The successor, with the signature of this key over its raw bytes. */
  rotatedTo: {keyId: string; attestation: string} | null
}

export type RevocationReason = 'key-compromise' | 'superseded' | 'unspecified'

/** A key as its owner brings it. */
export interface NewKey {
  keyId: string
  publicKey: string
  name: string
}

/** A key is registered once and by one account; its row stays for ever. What changes keys checks the credential again. */
export interface AuthorKeyStore {
  /** A user's keys, oldest first. */
  list(userId: string): Promise<AuthorKey[]>
  find(keyId: string, userId: string): Promise<AuthorKey | undefined>
  /** Registering an active key of one's own again changes nothing and is `registered` too. */
  register(
    key: NewKey,
    limit: number,
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<AuthorKey | 'taken' | 'limit-reached' | 'credential-ended'>
  /**
   * A key that is retired, or was revoked for another reason, can still be revoked as compromised; the time of its end
   * stays.
   */
  revoke(
    revocation: {keyId: string; reason: RevocationReason; message: string | undefined},
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<AuthorKey | 'unknown' | 'not-active' | 'credential-ended'>
  /** Retires a key and registers its successor, both or neither. @param rotation.attestation verified. */
  rotate(
    rotation: {oldKeyId: string; key: Omit<NewKey, 'name'> & {name: string | undefined}; attestation: string},
    credential: Credential,
    by: Actor,
    now: number,
  ): Promise<AuthorKey | 'unknown' | 'not-active' | 'taken' | 'credential-ended'>
}

/** A key of the registry itself. */
export interface SigningKey {
  keyId: string
  publicKey: string
  /** `revoked`: it was found to be compromised, and nothing that it signed counts. */
  status: 'active' | 'retired' | 'revoked'
  createdAt: number
  /** Null for the active one. */
  expiresAt: number | null
  rotatedFrom: {keyId: string; signature: string} | null
}

export type RotationReason = 'superseded' | 'key-compromise'

/** The registry's own keys. Their private halves never leave the store. */
export interface SigningKeyStore {
  /** Makes the first key where there is none, and signs every version with it. */
  ensure(now: number): Promise<void>
  /** Newest first. */
  list(): Promise<SigningKey[]>
  /**
   * Makes a new key active. Of each version it signs the integrity, and after a compromise also the registry's statement,
   * which the old key's is not handed out for any more.
   */
  rotate(reason: RotationReason, by: Actor, now: number): Promise<SigningKey>
}
