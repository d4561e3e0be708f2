import assert from 'node:assert/strict'
import {createPrivateKey, sign} from 'node:crypto'
import {describe, it} from 'node:test'

import {
  generateKeyPair,
  isKeyId,
  isSignedBy,
  keyIdOf,
  parsePublicKey,
  parseSeed,
  publicKeyOfSeed,
  signWith,
  toBase64,
} from '../../src/signing/index.js'

/** Test 2 of RFC 8032, 7.1. */
const vector = {
  seed: Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex'),
  publicKey: Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex'),
  message: Buffer.from('72', 'hex'),
  signature: Buffer.from(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    'hex',
  ),
}

describe('Ed25519 keys', () => {
  it('Ed25519 keys: sign and verify the test vector of RFC 8032', () => {
    assert.deepEqual(Buffer.from(publicKeyOfSeed(vector.seed)), vector.publicKey)
    assert.equal(signWith(vector.seed, vector.message), vector.signature.toString('base64'))
    assert.ok(isSignedBy(vector.publicKey, vector.message, vector.signature.toString('base64')))
    assert.ok(!isSignedBy(vector.publicKey, Buffer.from('73', 'hex'), vector.signature.toString('base64')))
  })

  it('Ed25519 keys: are generated as matching pairs', () => {
    const {publicKey, seed} = generateKeyPair()
    assert.deepEqual(publicKeyOfSeed(seed), publicKey)
    assert.ok(isSignedBy(publicKey, Buffer.from('x'), signWith(seed, Buffer.from('x'))))
  })

  it('Ed25519 keys: have an ID that is the padded base64 of the SHA-256 of the raw public key', () => {
    const id = keyIdOf(vector.publicKey)
    assert.equal(id, 'SHA256:OfcT0KZEJT8EUpQhufUbmwiXnQgpWVnE85kO5hf1E58=')
    assert.ok(isKeyId(id))
    assert.equal(id.length, 51)
    for (const text of ['', 'SHA256:', id.slice(0, -1), `${id}=`, id.toLowerCase()]) assert.ok(!isKeyId(text), text)
  })

  it('Ed25519 keys: are parsed from 32 raw bytes and from a SubjectPublicKeyInfo', () => {
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), vector.publicKey])
    assert.deepEqual(parsePublicKey(toBase64(vector.publicKey)), vector.publicKey)
    assert.deepEqual(parsePublicKey(spki.toString('base64')), vector.publicKey)
    assert.deepEqual(parseSeed(vector.seed.toString('base64')), vector.seed)
  })

  it('Ed25519 keys: are not parsed from anything else', () => {
    const raw = toBase64(vector.publicKey)
    const malformed = ['', 'x', raw.slice(1), `${raw} `, raw.replace('=', ''), `A${raw}`, 'A'.repeat(10_000)]
    for (const text of malformed) assert.equal(parsePublicKey(text), undefined, text)
    assert.equal(parseSeed('AAAA'), undefined)
  })

  it('Ed25519 keys: cannot be points of small order or numbers beyond the prime, for which anyone can forge signatures', () => {
    const points = [
      '0100000000000000000000000000000000000000000000000000000000000000',
      '0000000000000000000000000000000000000000000000000000000000000080',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    ].map((hex) => Buffer.from(hex, 'hex'))
    for (const point of points) {
      assert.equal(parsePublicKey(point.toString('base64')), undefined, point.toString('hex'))
      // For the neutral element, this is a valid signature over every message.
      const forged = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]).toString('base64')
      assert.ok(!isSignedBy(point, Buffer.from('anything'), forged))
    }
  })

  it('Ed25519 keys: reject signatures of another length or encoding', () => {
    const valid = vector.signature.toString('base64')
    for (const invalid of [
      '',
      valid.slice(0, -2),
      valid.replace('==', ''),
      `${valid}\n`,
      `${valid.slice(0, -4)}AAAA`,
    ]) {
      assert.ok(!isSignedBy(vector.publicKey, vector.message, invalid), invalid)
    }
  })

  it('Ed25519 keys: verify signatures of keys in PKCS #8', () => {
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), vector.seed])
    const key = createPrivateKey({key: der, format: 'der', type: 'pkcs8'})
    assert.ok(
      isSignedBy(vector.publicKey, Buffer.from('text'), sign(null, Buffer.from('text'), key).toString('base64')),
    )
  })
})
