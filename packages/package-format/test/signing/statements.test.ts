import assert from 'node:assert/strict'
import {it} from 'node:test'

import {
  authorStatement,
  keyRotationStatement,
  provenanceStatement,
  registryStatement,
  trustedPublisherStatement,
} from '../../src/signing/index.js'

const version = {name: '@acme/tool', version: '1.0.0', integrity: 'sha256-uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek='}

it('statements: each kind has its own first line, followed by canonical JSON', () => {
  assert.equal(
    Buffer.from(authorStatement({registry: 'https://r.example.com', ...version})).toString(),
    'apkg author signature v1\n{"integrity":"sha256-uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=","name":"@acme/tool","registry":"https://r.example.com","version":"1.0.0"}',
  )
  const attested = {...version, keyId: 'SHA256:x', publishedAt: '2026-01-02T03:04:05.000Z', signer: ''}
  assert.equal(
    Buffer.from(registryStatement(attested)).toString(),
    'apkg registry attestation v1\n{"integrity":"sha256-uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=","keyId":"SHA256:x","name":"@acme/tool","publishedAt":"2026-01-02T03:04:05.000Z","signer":"","version":"1.0.0"}',
  )
  const rotation = {oldKeyId: 'a', newKeyId: 'b', newPublicKey: 'AA==', rotatedAt: '2026-01-02T03:04:05.000Z'}
  assert.equal(
    Buffer.from(keyRotationStatement(rotation)).toString(),
    'apkg registry key rotation v1\n{"newKeyId":"b","newPublicKey":"AA==","oldKeyId":"a","rotatedAt":"2026-01-02T03:04:05.000Z"}',
  )
})

it('statements: that of a trusted publisher covers every claim, and absent ones as empty', () => {
  const subject = {...version, keyId: 'SHA256:x', publishedAt: '2026-01-02T03:04:05.000Z'}
  const origin = {provider: 'oidc', issuer: 'https://i.example.com', subject: 'job:1', run: null}
  assert.equal(
    Buffer.from(trustedPublisherStatement({...subject, origin})).toString(),
    'apkg trusted publisher attestation v1\n{"commit":"","environment":"","integrity":"sha256-uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=","issuer":"https://i.example.com","keyId":"SHA256:x","name":"@acme/tool","provider":"oidc","publishedAt":"2026-01-02T03:04:05.000Z","ref":"","repository":"","repositoryId":"","run":"","subject":"job:1","version":"1.0.0","workflow":""}',
  )
  const all = {repository: 'r', repositoryId: 'i', commit: 'c', ref: 'f', workflow: 'w', run: 'u', environment: 'e'}
  const statements = Object.entries(all).map(([claim, value]) =>
    Buffer.from(trustedPublisherStatement({...subject, origin: {...origin, [claim]: value}})).toString(),
  )
  assert.equal(new Set(statements).size, Object.keys(all).length)
})

it('statements: ignore unknown fields', () => {
  const withExtraField = {registry: 'r', ...version, comment: 'not signed'}
  assert.deepEqual(authorStatement(withExtraField), authorStatement({registry: 'r', ...version}))
})

it('provenance statement: covers everything except its signatures, in any order of fields', () => {
  const signed = provenanceStatement({subject: [], predicate: {b: 1, a: 2}, signatures: [{keyid: 'x', sig: 'y'}]})
  assert.equal(Buffer.from(signed).toString(), 'apkg provenance v1\n{"predicate":{"a":2,"b":1},"subject":[]}')
  assert.deepEqual(provenanceStatement({predicate: {a: 2, b: 1}, subject: []}), signed)
})
