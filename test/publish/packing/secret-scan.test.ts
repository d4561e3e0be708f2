import assert from 'node:assert/strict'
import {generateKeyPairSync} from 'node:crypto'
import {describe, it} from 'node:test'

import {formatTokenValue, tokenKinds, type TokenKind} from '@apkg/wire'

import {SecretScan, secretsIn} from '../../../src/publish/packing/secret-scan.js'

const random = '0123456789abcdefghijABCDEFGHIJ01'
const value = (kind: TokenKind) => formatTokenValue(kind, random)
const pem = generateKeyPairSync('ed25519').privateKey.export({type: 'pkcs8', format: 'pem'}) as string
const rsa = generateKeyPairSync('rsa', {modulusLength: 1024}).privateKey
const encrypted = rsa.export({type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x'}) as string

function findingsIn(text: string): string[] {
  return secretsIn(text).map(({line, kind}) => `${line}: ${kind}`)
}

describe('secret scan', () => {
  it('secret scan: finds each kind of token by its checksum, anywhere', () => {
    const kinds = Object.keys(tokenKinds) as TokenKind[]
    const found = kinds.map((kind) => findingsIn(`first\nAPKG_TOKEN="${value(kind)}"x\n`))
    const names = ['an API token', 'a session token', 'a refresh token', 'a session cookie']
    assert.deepEqual(
      found,
      names.map((name) => [`2: ${name}`]),
    )
    assert.deepEqual(findingsIn(`abc${value('token')}abc`), ['1: an API token'])
  })

  it('secret scan: finds a token that overlaps something similar', () => {
    const decoy = `apkgt_${'0'.repeat(33)}`
    assert.deepEqual(findingsIn(decoy + value('token')), ['1: an API token'])
  })

  it('secret scan: ignores a token with a wrong checksum, as in documentation', () => {
    assert.deepEqual(findingsIn(`${value('token').slice(0, -1)}_ ${tokenKinds.token}${'0'.repeat(38)}`), [])
  })

  it('secret scan: finds PEM private keys, indented, on one line and with headers, but not public keys', () => {
    const publicKey = generateKeyPairSync('ed25519').publicKey.export({type: 'spki', format: 'pem'}) as string
    assert.deepEqual(findingsIn(`x\r\n${pem}`), ['2: a private key'])
    assert.deepEqual(findingsIn(encrypted), ['1: a private key'])
    assert.deepEqual(findingsIn(JSON.stringify({key: pem})), ['1: a private key'])
    assert.deepEqual(findingsIn(pem.replace(/^/gm, '    ')), ['1: a private key'])
    for (const kind of ['OPENSSH PRIVATE KEY', 'EC PRIVATE KEY', 'PGP PRIVATE KEY BLOCK']) {
      const block = `-----BEGIN ${kind}-----\n\n${'b3Bl'.repeat(16)}\n-----END ${kind}-----\n`
      assert.deepEqual(findingsIn(block), ['1: a private key'], kind)
    }
    assert.deepEqual(findingsIn(publicKey), [])
  })

  it('secret scan: finds a private key wrapped at any column, quoted and escaped, but not prose about one', () => {
    const key = pem.replaceAll('\n', '').replace(/-----(BEGIN|END) PRIVATE KEY-----/g, '')
    for (const columns of [4, 20, 31]) {
      const lines = key.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []
      const folded = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----']
      for (const text of [folded.join('\n'), folded.join('\r\n  '), JSON.stringify(folded.join('\n'))]) {
        assert.deepEqual(findingsIn(text), ['1: a private key'], text)
      }
      assert.deepEqual(findingsIn(folded.map((line) => `  "${line}\\n" +`).join('\n')), ['1: a private key'])
    }
    const prose = 'is what a key begins with\nand behind it are words\nwhich are letters\nand nothing more\n'
    assert.deepEqual(findingsIn(`-----BEGIN PRIVATE KEY-----\n${prose.repeat(4)}`), [])
    assert.deepEqual(findingsIn(`\`-----BEGIN PRIVATE KEY-----\` ${prose.repeat(4)}`), [])
  })

  it('secret scan: finds PuTTY private keys', () => {
    const head = 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: ada\nPublic-Lines: 1\nAAAAC3Nz\n'
    const body = `${'b3Bl'.repeat(12)}\n`
    for (const lineEnd of ['\n', '\r\n']) {
      const file = `${head}Private-Lines: 1\n${body}Private-MAC: 0f\n`.replaceAll('\n', lineEnd)
      assert.deepEqual(findingsIn(file), ['6: a private key'])
    }
    assert.deepEqual(findingsIn(`${head}Private-Lines: 1\n...\n`), [])
  })

  it('secret scan: ignores a placeholder for a private key', () => {
    assert.deepEqual(findingsIn(`-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n${'a'.repeat(64)}`), [])
    assert.deepEqual(findingsIn('grep -e "-----BEGIN RSA PRIVATE KEY-----" file'), [])
  })

  it('secret scan: finds apkg key files', () => {
    const privateKey = Buffer.alloc(32, 7).toString('base64')
    const text = JSON.stringify({keyId: 'SHA256:x', privateKey}, null, 2)
    assert.deepEqual(findingsIn(text), ['3: an apkg signing key'])
  })

  it('secret scan: finds secrets across chunk boundaries, once, with the right line', () => {
    const bytes = Buffer.from(`${'line\n'.repeat(1000)}${value('session')}\n${pem}`)
    for (const size of [1, 7, 64, 4999, 5000, 5001, bytes.length]) {
      const scan = new SecretScan()
      for (let start = 0; start < bytes.length; start += size) scan.push(bytes.subarray(start, start + size))
      assert.deepEqual(scan.findings, [
        {line: 1001, kind: 'a session token'},
        {line: 1002, kind: 'a private key'},
      ])
    }
  })

  it('secret scan: scans binary files and UTF-16', () => {
    const binary = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 1, 2, 0x80]), Buffer.from(value('refresh'))])
    const scans = [binary, Buffer.from(`\uFEFF${value('refresh')}`, 'utf16le')].map((bytes) => {
      const scan = new SecretScan()
      scan.push(bytes)
      return scan.findings
    })
    const expected = [{line: 1, kind: 'a refresh token'}]
    assert.deepEqual(scans, [expected, expected])
  })
})
