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
import {isRotatedTo, verdictOf, type SignedVersion} from '../../../src/trust/signatures/signature-verdict.js'

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
  const said = {...about, registry, ...changes}
  return {kind: 'author', keyId: id(key), signature: signWith(key.seed, authorStatement(said)), ...said}
}

function byRegistry(
  changes: Partial<typeof about & {signer: string; publishedAt: string}> = {},
  key = registryKey,
): Attestation {
  const said = {keyId: id(key), ...about, publishedAt, signer: id(author), ...changes}
  return {kind: 'registry', signature: signWith(key.seed, registryStatement(said)), ...said}
}

function signer(changes: Partial<Signer> = {}, {publicKey} = author): Signer {
  const key = {keyId: keyIdOf(publicKey), publicKey: toBase64(publicKey)}
  return {...key, username: 'ada', status: 'active', createdAt: before, ...changes}
}

function trusted({publicKey}: KeyPair, changes: Partial<TrustedKey> = {}) {
  const keyId = keyIdOf(publicKey)
  return [keyId, {keyId, publicKey, isRevoked: false, expiresAt: Infinity, ...changes}] as const
}

/** What is thought of a version that is signed as it should be, but for some changes. */
function judged(changes: Partial<SignedVersion> = {}, keys = [trusted(registryKey)]): string {
  const version = {...about, attestations: [byAuthor(), byRegistry()], signers: [signer()], ...changes}
  const verdict = verdictOf(version, registry, new Map(keys))
  return verdict.status === 'refused' ? verdict.error.code : verdict.status
}

describe('the signatures of a version', () => {
  it('hold where author and registry have signed just this', () => {
    const version = {...about, attestations: [byAuthor(), byRegistry()], signers: [signer()]}
    assert.deepEqual(verdictOf(version, registry, new Map([trusted(registryKey)])), {
      status: 'signed',
      signer: id(author),
      username: 'ada',
      attestedBy: id(registryKey),
    })
  })

  it('for another address of the registry are told with what mends a registry that has moved', () => {
    const former = 'https://former.example.com'
    const version = {...about, attestations: [byAuthor({registry: former}), byRegistry()], signers: [signer()]}
    const verdict = verdictOf(version, registry, new Map([trusted(registryKey)]))
    assert.ok(verdict.status === 'refused')
    assert.match(verdict.error.message, /has signed it for https:\/\/former\.example\.com$/)
    assert.match(
      String(verdict.error.suggestions?.[0]),
      /^if this registry was at https:\/\/former\.example\.com before/,
    )
  })

  it('are told from none', () => {
    assert.equal(judged({attestations: []}), 'unsigned')
    assert.equal(judged({attestations: [byRegistry({signer: ''})]}), 'unsigned')
    assert.equal(judged({attestations: [{...byAuthor(), kind: 'witness'}, byRegistry({signer: ''})]}), 'unsigned')
  })

  const refused: [what: string, code: string, changes: Partial<SignedVersion>, keys?: ReturnType<typeof trusted>[]][] =
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
        'what is said to be this, and was not signed as such',
        'SIGNATURE_INVALID',
        {attestations: [{...byAuthor({version: '0.9.0'}), version: '1.0.0'}, byRegistry()]},
      ],
      ['a key that is not told of', 'SIGNATURE_INVALID', {signers: []}],
      ["a stranger's key under the author's id", 'SIGNATURE_INVALID', {signers: [signer({keyId: id(author)}, eve)]}],
      [
        "a stranger's key and signature under the author's id",
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
        'an attestation of a version that nobody signed',
        'SIGNATURE_UNATTESTED',
        {attestations: [byAuthor(), byRegistry({signer: ''})]},
      ],
      ['the signature taken away', 'SIGNATURE_DOWNGRADED', {attestations: [byRegistry()]}],
      ["a foreign registry's attestation", 'REGISTRY_KEY_UNKNOWN', {attestations: [byAuthor(), byRegistry({}, eve)]}],
      ['a revoked registry key', 'REGISTRY_KEY_REVOKED', {}, [trusted(registryKey, {isRevoked: true})]],
      [
        'a registry key that had ended',
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
        "an author's key that was revoked just then",
        'SIGNER_REVOKED',
        {signers: [signer({status: 'revoked', revokedAt: publishedAt})]},
      ],
      [
        "an author's key that was revoked nobody knows when",
        'SIGNER_REVOKED',
        {signers: [signer({status: 'revoked'})]},
      ],
      [
        "an author's key that was replaced before",
        'SIGNER_RETIRED',
        {signers: [signer({status: 'retired', revokedAt: before})]},
      ],
    ]
  for (const [what, code, changes, keys] of refused) {
    it(`are refused for ${what}: ${code}`, () => assert.equal(judged(changes, keys), code))
  }

  it('hold by keys that were good when the version was published', () => {
    for (const status of ['revoked', 'retired']) {
      assert.equal(judged({signers: [signer({status, revokedAt: after})]}), 'signed')
    }
    assert.equal(judged({}, [trusted(registryKey, {expiresAt: Date.parse(after)})]), 'signed')
  })

  it('hold by one good attestation beside those of keys that are not known', () => {
    assert.equal(judged({attestations: [byAuthor(), byRegistry({}, eve), byRegistry()]}), 'signed')
  })

  it('are refused where attestations that hold contradict each other', () => {
    const keys = [trusted(registryKey), trusted(formerKey)]
    const stripped = [byRegistry({signer: ''}, formerKey), byRegistry()]
    assert.equal(judged({attestations: stripped}, keys), 'SIGNATURE_UNATTESTED')
    const backdated = [byAuthor(), byRegistry({publishedAt: before}, formerKey), byRegistry()]
    assert.equal(judged({attestations: backdated}, keys), 'SIGNATURE_UNATTESTED')
    assert.equal(judged({attestations: [byAuthor(), byRegistry({}, formerKey), byRegistry()]}, keys), 'signed')
  })
})

describe("an author's rotated keys", () => {
  const next = generateKeyPair()
  const rotatedTo = (by: KeyPair) => ({keyId: id(next), attestation: signWith(by.seed, next.publicKey)})
  const successor = signer({}, next)

  it('are followed by the signatures of the former ones', () => {
    const signers = [signer({rotatedTo: rotatedTo(author)}), successor]
    assert.equal(isRotatedTo(id(author), id(next), signers), true)
    assert.equal(isRotatedTo(id(next), id(author), signers), false)
  })

  it('are not followed from a key that was stolen, whose thief can sign a successor too', () => {
    const stolen = signer({
      rotatedTo: rotatedTo(author),
      status: 'revoked',
      reason: 'key-compromise',
      revokedAt: before,
    })
    assert.equal(isRotatedTo(id(author), id(next), [stolen, successor]), false)
  })

  it('are not followed by the signature of another', () => {
    assert.equal(isRotatedTo(id(author), id(next), [signer({rotatedTo: rotatedTo(eve)}), successor]), false)
    assert.equal(isRotatedTo(id(author), id(next), [signer(), successor]), false)
  })
})
