import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {
  authorStatement,
  generateKeyPair,
  keyIdOf,
  registryStatement,
  signWith,
  toBase64,
  type KeyPair,
} from '@apkg/package-format/signing'
import type {Attestation, Signer} from '@apkg/wire/protocol'

import type {TrustedKey} from '../../../src/trust/signatures/registry-keys.js'
import {isRotatedTo, verifySignatures, type SignedVersion} from '../../../src/trust/signatures/verify-signatures.js'

const registry = 'https://registry.example.com'
const publishedAt = '2026-03-01T00:00:00.000Z'
const before = '2026-02-01T00:00:00.000Z'
const after = '2026-04-01T00:00:00.000Z'
const integrity = `sha256-${'A'.repeat(43)}=`
const otherIntegrity = `sha256-${'B'.repeat(43)}=`
const about = {name: '@acme/tool', version: '1.0.0', integrity}
const [author, eve, registryKey, formerKey] = [
  generateKeyPair(),
  generateKeyPair(),
  generateKeyPair(),
  generateKeyPair(),
]

const id = ({publicKey}: KeyPair) => keyIdOf(publicKey)

function byAuthor(changes: Partial<typeof about & {registry: string}> = {}, key = author): Attestation {
  const signed = {...about, registry, ...changes}
  return {kind: 'author', keyId: id(key), signature: signWith(key.seed, authorStatement(signed)), ...signed}
}

function byRegistry(
  changes: Partial<typeof about & {signer: string; publishedAt: string}> = {},
  key = registryKey,
): Attestation {
  const signed = {keyId: id(key), ...about, publishedAt, signer: id(author), ...changes}
  return {kind: 'registry', signature: signWith(key.seed, registryStatement(signed)), ...signed}
}

function signer(changes: Partial<Signer> = {}, {publicKey} = author): Signer {
  const key = {keyId: keyIdOf(publicKey), publicKey: toBase64(publicKey)}
  return {...key, username: 'ada', status: 'active', createdAt: before, ...changes}
}

function trusted({publicKey}: KeyPair, changes: Partial<TrustedKey> = {}) {
  const keyId = keyIdOf(publicKey)
  return [keyId, {keyId, publicKey, isRevoked: false, expiresAt: Infinity, ...changes}] as const
}

/** The verdict on a correctly signed version with some changes. */
function judged(changes: Partial<SignedVersion> = {}, keys = [trusted(registryKey)]): string {
  const version = {...about, attestations: [byAuthor(), byRegistry()], signers: [signer()], ...changes}
  const verdict = verifySignatures(version, registry, new Map(keys))
  return verdict.status === 'refused' ? verdict.error.code : verdict.status
}

describe('verifySignatures', () => {
  it('signature verdict: a version that author and registry signed is signed', () => {
    const version = {...about, attestations: [byAuthor(), byRegistry()], signers: [signer()]}
    assert.deepEqual(verifySignatures(version, registry, new Map([trusted(registryKey)])), {
      status: 'signed',
      signer: id(author),
      username: 'ada',
      attestedBy: id(registryKey),
    })
  })

  it('signature verdict: a signature for another URL gets a hint for a registry that has moved', () => {
    const former = 'https://former.example.com'
    const version = {...about, attestations: [byAuthor({registry: former}), byRegistry()], signers: [signer()]}
    const verdict = verifySignatures(version, registry, new Map([trusted(registryKey)]))
    assert.ok(verdict.status === 'refused')
    assert.match(verdict.error.message, /is for the registry https:\/\/former\.example\.com \(key /)
    assert.match(
      String(verdict.error.suggestions?.[0]),
      /^if the registry has moved from https:\/\/former\.example\.com/,
    )
  })

  it("signature verdict: without an author's signature, a version is unsigned", () => {
    assert.equal(judged({attestations: []}), 'unsigned')
    assert.equal(judged({attestations: [byRegistry({signer: ''})]}), 'unsigned')
    assert.equal(judged({attestations: [{...byAuthor(), kind: 'witness'}, byRegistry({signer: ''})]}), 'unsigned')
  })

  const refused: [kind: string, code: string, changes: Partial<SignedVersion>, keys?: ReturnType<typeof trusted>[]][] =
    [
      ['other content', 'SIGNATURE_SWAPPED', {integrity: otherIntegrity}],
      [
        'other content, which the registry attests',
        'SIGNATURE_SWAPPED',
        {integrity: otherIntegrity, attestations: [byAuthor(), byRegistry({integrity: otherIntegrity})]},
      ],
      ['another name', 'SIGNATURE_REPLAYED', {name: '@acme/other'}],
      ['another version', 'SIGNATURE_REPLAYED', {version: '1.0.1'}],
      [
        'another registry',
        'SIGNATURE_REPLAYED',
        {attestations: [byAuthor({registry: 'https://other.example'}), byRegistry()]},
      ],
      [
        'an attestation whose version was changed',
        'SIGNATURE_INVALID',
        {attestations: [{...byAuthor({version: '0.9.0'}), version: '1.0.0'}, byRegistry()]},
      ],
      ['an unknown key', 'SIGNATURE_INVALID', {signers: []}],
      ["another key under the author's id", 'SIGNATURE_INVALID', {signers: [signer({keyId: id(author)}, eve)]}],
      [
        "another key and its signature under the author's id",
        'SIGNATURE_INVALID',
        {
          attestations: [{...byAuthor({}, eve), keyId: id(author)}, byRegistry()],
          signers: [signer({keyId: id(author)}, eve)],
        },
      ],
      ['no attestation', 'SIGNATURE_UNATTESTED', {attestations: [byAuthor()]}],
      [
        'an attestation that names another signer',
        'SIGNATURE_UNATTESTED',
        {attestations: [byAuthor({}, eve), byRegistry()], signers: [signer({}, eve)]},
      ],
      [
        'an attestation of an unsigned version',
        'SIGNATURE_UNATTESTED',
        {attestations: [byAuthor(), byRegistry({signer: ''})]},
      ],
      ['a removed signature', 'SIGNATURE_DOWNGRADED', {attestations: [byRegistry()]}],
      ["another registry's attestation", 'REGISTRY_KEY_UNKNOWN', {attestations: [byAuthor(), byRegistry({}, eve)]}],
      ['a revoked registry key', 'REGISTRY_KEY_REVOKED', {}, [trusted(registryKey, {isRevoked: true})]],
      [
        'an expired registry key',
        'REGISTRY_KEY_RETIRED',
        {},
        [trusted(registryKey, {expiresAt: Date.parse(publishedAt)})],
      ],
      [
        'an attestation without a time',
        'REGISTRY_KEY_RETIRED',
        {attestations: [byAuthor(), byRegistry({publishedAt: ''})]},
      ],
      [
        'an attestation that was changed',
        'SIGNATURE_INVALID',
        {attestations: [byAuthor(), {...byRegistry(), publishedAt: before}]},
      ],
      [
        "an author's key that was revoked before",
        'SIGNER_REVOKED',
        {signers: [signer({status: 'revoked', revokedAt: before})]},
      ],
      [
        "an author's key that was revoked at the time of publication",
        'SIGNER_REVOKED',
        {signers: [signer({status: 'revoked', revokedAt: publishedAt})]},
      ],
      [
        "an author's key that was revoked at an unknown time",
        'SIGNER_REVOKED',
        {signers: [signer({status: 'revoked'})]},
      ],
      [
        "an author's key that was retired before",
        'SIGNER_RETIRED',
        {signers: [signer({status: 'retired', revokedAt: before})]},
      ],
    ]
  for (const [kind, code, changes, keys] of refused) {
    it(`signature verdict: ${kind} is refused with ${code}`, () => assert.equal(judged(changes, keys), code))
  }

  it('signature verdict: keys only have to be valid at the time of publication', () => {
    for (const status of ['revoked', 'retired']) {
      assert.equal(judged({signers: [signer({status, revokedAt: after})]}), 'signed')
    }
    assert.equal(judged({}, [trusted(registryKey, {expiresAt: Date.parse(after)})]), 'signed')
  })

  it('signature verdict: one valid attestation is enough next to unknown keys', () => {
    assert.equal(judged({attestations: [byAuthor(), byRegistry({}, eve), byRegistry()]}), 'signed')
  })

  it('signature verdict: contradicting valid attestations are refused', () => {
    const keys = [trusted(registryKey), trusted(formerKey)]
    const stripped = [byRegistry({signer: ''}, formerKey), byRegistry()]
    assert.equal(judged({attestations: stripped}, keys), 'SIGNATURE_UNATTESTED')
    const backdated = [byAuthor(), byRegistry({publishedAt: before}, formerKey), byRegistry()]
    assert.equal(judged({attestations: backdated}, keys), 'SIGNATURE_UNATTESTED')
    assert.equal(judged({attestations: [byAuthor(), byRegistry({}, formerKey), byRegistry()]}, keys), 'signed')
  })
})

describe('isRotatedTo', () => {
  const next = generateKeyPair()
  const rotatedTo = (by: KeyPair) => ({keyId: id(next), attestation: signWith(by.seed, next.publicKey)})
  const successor = signer({}, next)

  it('key rotation: a successor that the old key signed is followed', () => {
    const signers = [signer({rotatedTo: rotatedTo(author)}), successor]
    assert.equal(isRotatedTo(id(author), id(next), signers), true)
    assert.equal(isRotatedTo(id(next), id(author), signers), false)
  })

  it('key rotation: successors of a revoked key are not accepted', () => {
    const stolen = signer({
      rotatedTo: rotatedTo(author),
      status: 'revoked',
      reason: 'key-compromise',
      revokedAt: before,
    })
    assert.equal(isRotatedTo(id(author), id(next), [stolen, successor]), false)
  })

  it('key rotation: a successor signed by another key, or not signed, is not followed', () => {
    assert.equal(isRotatedTo(id(author), id(next), [signer({rotatedTo: rotatedTo(eve)}), successor]), false)
    assert.equal(isRotatedTo(id(author), id(next), [signer(), successor]), false)
  })
})
