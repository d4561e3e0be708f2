import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {hasCode} from '@apkg/command-kit'
import {parseIntegrity} from '@apkg/package-format'
import {generateKeyPair, toBase64} from '@apkg/package-format/signing'

import {checkProvenance} from '../../../src/trust/provenance/check-provenance.js'
import {signProvenance} from '../../../src/trust/provenance/sign-provenance.js'
import {clientOf} from '../../support/client.js'
import {packDraft, sendPackage, sessionOf} from '../../support/publish-package.js'
import {password, startRegistry} from '../../support/registry.js'

const {seed, publicKey} = generateKeyPair()

/** A statement of who built a tarball, as SLSA has it. */
function statementOn(integrity: string) {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{name: 'package', digest: {sha256: parseIntegrity(integrity)}}],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {runDetails: {builder: {id: 'https://builder.example.com'}}},
  }
}

interface Changes {
  /** The key that signed the version; empty if it is unsigned. */
  key?: string
  /** Of the tarball, instead of the published one. */
  integrity?: string
}

/** Publishes a version with the statement that `make` returns, and checks its provenance. */
async function publishAndCheck(
  t: TestContext,
  make: (statement: ReturnType<typeof statementOn>) => object | undefined,
  {key = toBase64(publicKey), ...changes}: Changes = {},
) {
  const registry = await startRegistry(t)
  await registry.addUser('ada')
  const packed = await packDraft({name: '@ada/tool'})
  const {name, version, integrity} = packed.metadata
  const provenance = make(statementOn(integrity))
  const metadata = {...packed.metadata, ...(provenance && {provenance})}
  const session = await sessionOf(registry.url, 'ada', password)
  assert.equal((await sendPackage(registry.url, session, {...packed, metadata})).ok, true)
  return checkProvenance(clientOf(registry.url), {name, version, integrity, publicKey: key, ...changes})
}

describe('provenance', () => {
  it('provenance: is verified if the key of the version signed a statement about its tarball', async (t) => {
    assert.deepEqual(await publishAndCheck(t, (statement) => signProvenance(statement, seed)), {
      status: 'verified',
      builder: 'https://builder.example.com',
    })
  })

  it('provenance: is none if the registry does not have a statement', async (t) => {
    assert.deepEqual(await publishAndCheck(t, () => undefined), {status: 'none', builder: null})
  })

  const present: Record<string, (statement: ReturnType<typeof statementOn>) => object> = {
    'it is unsigned': (statement) => statement,
    'another key signed it': (statement) => signProvenance(statement, generateKeyPair().seed),
    'it was changed after it was signed': (statement) => ({
      ...signProvenance(statement, seed),
      predicate: {runDetails: {builder: {id: 'https://other.example.com'}}},
    }),
    'its signatures are malformed': (statement) => ({...statement, signatures: [null, 'x', {keyid: 1, sig: 2}]}),
  }
  for (const [why, make] of Object.entries(present)) {
    it(`provenance: is present, not verified, if ${why}`, async (t) => {
      assert.deepEqual(await publishAndCheck(t, make), {status: 'present', builder: null})
    })
  }

  it('provenance: is present, not verified, if the version is not signed', async (t) => {
    const unsigned = await publishAndCheck(t, (statement) => signProvenance(statement, seed), {key: ''})
    assert.equal(unsigned.status, 'present')
  })

  it('provenance: is present, not verified, if it is about another tarball', async (t) => {
    const integrity = `sha256-${Buffer.alloc(32).toString('base64')}`
    const other = await publishAndCheck(t, (statement) => signProvenance(statement, seed), {integrity})
    assert.equal(other.status, 'present')
  })

  it('provenance: a failing registry is an error', async () => {
    const version = {name: '@ada/tool', version: '1.0.0', integrity: 'sha256-x', publicKey: undefined}
    await assert.rejects(checkProvenance(clientOf('http://127.0.0.1:9'), version), (error) =>
      hasCode(error, 'UNREACHABLE'),
    )
  })
})
