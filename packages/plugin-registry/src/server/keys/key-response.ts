import type {Key, RegistryKey, Signer} from '../http/openapi/index.js'
import type {AuthorKey, SigningKey} from '../store/store.js'
import {withoutNulls} from '../http/without-nulls.js'

const algorithm = 'ed25519'

/** The original client requires an expiry date for every key. */
const neverExpires = '9999-12-31T23:59:59.999Z'

/** A key as its owner sees it. */
export function keyResponse({keyId, name, publicKey, status, reason, rotatedTo, ...times}: AuthorKey): Key {
  return {
    keyId,
    name,
    algorithm,
    status,
    ...timesOf(times),
    publicKey,
    ...withoutNulls({reason, rotatedTo: rotatedTo?.keyId ?? null}),
  }
}

/** An author's key, for anyone who can read a package that it signed. */
export function signerResponse({keyId, publicKey, username, status, reason, rotatedTo, ...times}: AuthorKey): Signer {
  return {keyId, publicKey, username, status, ...timesOf(times), ...withoutNulls({reason, rotatedTo})}
}

function timesOf({createdAt, revokedAt}: Pick<AuthorKey, 'createdAt' | 'revokedAt'>) {
  return {
    createdAt: new Date(createdAt).toISOString(),
    ...(revokedAt !== null && {revokedAt: new Date(revokedAt).toISOString()}),
  }
}

/** A key of the registry, as listed publicly. */
export function signingKeyResponse(key: SigningKey): RegistryKey {
  const {keyId, publicKey, status, createdAt, expiresAt, rotatedFrom} = key
  const since = new Date(createdAt).toISOString()
  return {
    ...{keyId, publicKey, algorithm, status},
    createdAt: since,
    expiresAt: expiresAt === null ? neverExpires : new Date(expiresAt).toISOString(),
    ...(rotatedFrom && {rotatedFrom: {...rotatedFrom, rotatedAt: since}}),
  }
}
