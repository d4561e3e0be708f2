import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {keyIdOf, publicKeyOfSeed, signWith, trustedPublisherStatement} from '@apkg/package-format/signing'
import type {VersionMetadata} from '@apkg/wire/protocol'

import type {TrustedKeys} from '../../../src/trust/signatures/registry-keys.js'
import {verifySource} from '../../../src/trust/signatures/version-source.js'

const registry = 'https://registry.example.com'
const seed = new Uint8Array(32).fill(7)
const publicKey = publicKeyOfSeed(seed)
const keyId = keyIdOf(publicKey)
const integrity = `sha256-${Buffer.alloc(32).toString('base64')}`
const publishedAt = '2027-01-31T12:00:00.000Z'
const origin = {
  ...{provider: 'github', issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:acme/tool:ref:x'},
  ...{repository: 'acme/tool', commit: 'c0ffee', workflow: 'acme/tool/.github/workflows/publish.yml@refs/tags/v1'},
}

function keys(changes: {isRevoked?: boolean; expiresAt?: number} = {}): TrustedKeys {
  return new Map([[keyId, {keyId, publicKey, isRevoked: false, expiresAt: Infinity, ...changes}]])
}

/** A version that a trusted publisher published, as the registry lists it. */
function attested(): VersionMetadata & {dist: {attestations: object[]}} {
  const signed = {name: '@acme/tool', version: '1.0.0', integrity}
  const statement = trustedPublisherStatement({keyId, ...signed, publishedAt, origin})
  const attestation = {kind: 'trusted-publisher', keyId, ...signed, publishedAt, signature: signWith(seed, statement)}
  return {
    version: '1.0.0',
    trustedPublisher: {...origin},
    dist: {tarball: '', integrity, attestations: [attestation]},
  }
}

const check = (metadata: VersionMetadata, trusted = keys(), name = '@acme/tool') =>
  verifySource({name, integrity, metadata}, registry, trusted)

describe('verifySource', () => {
  it('verifySource: a source that the registry attests with a trusted key is verified', () => {
    const {source, problem} = check(attested()) ?? {}
    assert.equal(problem, undefined)
    assert.deepEqual([source?.status, source?.repository, source?.run], ['verified', 'acme/tool', null])
  })

  it('verifySource: a version without a source has none', () => {
    const {trustedPublisher: _, ...metadata} = attested()
    assert.equal(check(metadata), undefined)
  })

  for (const [claim, value] of [
    ['repository', 'evil/tool'],
    ['commit', 'bad'],
    ['workflow', null],
    ['run', 'https://evil.example/run'],
    ['environment', 'prod'],
  ] as const) {
    it(`verifySource: a changed ${claim} is invalid`, () => {
      const metadata = attested()
      const changed = {...metadata, trustedPublisher: {...origin, [claim]: value}}
      const {source, problem} = check(changed) ?? {}
      assert.deepEqual([source?.status, problem?.code], ['invalid', 'SIGNATURE_INVALID'])
    })
  }

  it('verifySource: a source without an attestation is invalid', () => {
    const metadata = attested()
    metadata.dist.attestations = []
    assert.deepEqual([check(metadata)?.source.status, check(metadata)?.problem?.code], ['invalid', 'SOURCE_UNATTESTED'])
  })

  it('verifySource: an attestation of another version or package is invalid', () => {
    const other = {...attested(), version: '2.0.0'}
    assert.equal(check(other)?.problem?.code, 'SIGNATURE_REPLAYED')
    assert.equal(check(attested(), keys(), '@acme/other')?.problem?.code, 'SIGNATURE_REPLAYED')
  })

  it('verifySource: an unknown, revoked or expired key attests nothing', () => {
    assert.equal(check(attested(), new Map())?.problem?.code, 'REGISTRY_KEY_UNKNOWN')
    assert.equal(check(attested(), keys({isRevoked: true}))?.problem?.code, 'REGISTRY_KEY_REVOKED')
    assert.equal(check(attested(), keys({expiresAt: 0}))?.problem?.code, 'REGISTRY_KEY_RETIRED')
  })
})
