import {isSignedBy, keyIdOf, keyPossessionStatement, parsePublicKey, toBase64} from '@apkg/package-format/signing'

import {actorOf} from '../auth/actor.js'
import {keyRefusal, type KeyProblem} from '../keys/key-refusals.js'
import {keyResponse, signingKeyResponse} from '../keys/key-response.js'
import {Refusal} from '../http/refusal.js'
import type {AuthorKey} from '../store/store.js'
import type {Handler} from './handler.js'
import {Reply} from './reply.js'

export const registerKey: Handler<'registerKey'> = async ({body, credential, client, now}, ports) => {
  const {store, config} = ports
  const {publicKey} = readPublicKey(body.publicKey, 'publicKey')
  const key = {...provenKey(publicKey, body.proof, credential.owner.name, ports.baseUrl()), name: body.name}
  const by = actorOf(credential, client)
  const {keyId, name, createdAt} = keyOrRefusal(
    await store.authorKeys.register(key, config.keysPerUser, credential, by, now.getTime()),
  )
  return {keyId, name, algorithm: 'ed25519', createdAt: new Date(createdAt).toISOString()}
}

export const listKeys: Handler<'listKeys'> = async ({credential}, {store}) => {
  if (credential.kind === 'exchanged') return {keys: []}
  return {keys: (await store.authorKeys.list(credential.owner.id)).map(keyResponse)}
}

export const revokeKey: Handler<'revokeKey'> = async ({params, body, credential, client, now}, {store}) => {
  const revocation = {keyId: params.keyId, reason: body.reason, message: body.message}
  const by = actorOf(credential, client)
  const {keyId, status, revokedAt} = keyOrRefusal(
    await store.authorKeys.revoke(revocation, credential, by, now.getTime()),
  )
  return {keyId, status, revokedAt: new Date(revokedAt ?? now).toISOString()}
}

export const rotateKey: Handler<'rotateKey'> = async ({body, credential, client, now}, ports) => {
  const {store} = ports
  const {oldKeyId, attestation, name} = body
  const {publicKey} = readPublicKey(body.newPublicKey, 'newPublicKey')
  const old = await store.authorKeys.find(oldKeyId, credential.owner.id)
  const oldKey = old && parsePublicKey(old.publicKey)
  if (!oldKey) throw keyRefusal('unknown')
  if (!isSignedBy(oldKey, publicKey, attestation)) throw new Refusal('ATTESTATION_INVALID')
  const key = {...provenKey(publicKey, body.proof, credential.owner.name, ports.baseUrl()), name}
  const by = actorOf(credential, client)
  const {keyId} = keyOrRefusal(
    await store.authorKeys.rotate({oldKeyId, key, attestation}, credential, by, now.getTime()),
  )
  return {newKeyId: keyId, oldKeyId, rotatedAt: now.toISOString()}
}

/** How long clients can cache the list of keys, in seconds. */
const signingKeysMaxAge = 60

export const listSigningKeys: Handler<'listSigningKeys'> = async (_call, {store}) => {
  const keys = await store.signingKeys.list()
  const response = {keys: keys.map(signingKeyResponse)}
  return new Reply(response, {status: 200, headers: {'cache-control': `public, max-age=${signingKeysMaxAge}`}})
}

/** @param text a `PublicKey` of the protocol */
function readPublicKey(text: string, field: string): {publicKey: Uint8Array} {
  const publicKey = parsePublicKey(text)
  if (publicKey) return {publicKey}
  throw new Refusal('KEY_WEAK', {
    details: [{field, message: 'is a low-order key, which anyone can forge signatures for'}],
  })
}

/** @throws {Refusal} PROOF_INVALID if the proof isn't a signature by the key for this user and registry */
function provenKey(publicKey: Uint8Array, proof: string | undefined, username: string, registry: string) {
  const keyId = keyIdOf(publicKey)
  if (proof !== undefined && !isSignedBy(publicKey, keyPossessionStatement({registry, username, keyId}), proof)) {
    throw new Refusal('PROOF_INVALID', {
      message: `The proof is not a signature by ${keyId} for ${username} at ${registry}`,
    })
  }
  return {keyId, publicKey: toBase64(publicKey), isProven: proof !== undefined}
}

/** @throws {Refusal} KEY_* */
function keyOrRefusal(outcome: AuthorKey | KeyProblem): AuthorKey {
  if (typeof outcome === 'string') throw keyRefusal(outcome)
  return outcome
}
