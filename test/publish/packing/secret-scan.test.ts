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

function whatIn(text: string): string[] {
  return secretsIn(text).map(({line, what}) => `${line}: ${what}`)
}

describe('the scan for secrets', () => {
  it('finds each kind of value by its checksum, wherever it stands', () => {
    const kinds = Object.keys(tokenKinds) as TokenKind[]
    const found = kinds.map((kind) => whatIn(`first\nAPKG_TOKEN="${value(kind)}"x\n`))
    const names = ['an API token', 'a session', 'a refresh token']
    assert.deepEqual(
      found,
      names.map((name) => [`2: the value of ${name}`]),
    )
    assert.deepEqual(whatIn(`abc${value('token')}abc`), ['1: the value of an API token'])
  })

  it('is not led astray by a value that another seems to begin in', () => {
    const decoy = `apkgt_${'0'.repeat(33)}`
    assert.deepEqual(whatIn(decoy + value('token')), ['1: the value of an API token'])
  })

  it('lets a value with another checksum pass, as an example in documentation', () => {
    assert.deepEqual(whatIn(`${value('token').slice(0, -1)}_ ${tokenKinds.token}${'0'.repeat(38)}`), [])
  })

  it('finds private keys in PEM, indented, in one line and with headers, and not their public halves', () => {
    const publicKey = generateKeyPairSync('ed25519').publicKey.export({type: 'spki', format: 'pem'}) as string
    assert.deepEqual(whatIn(`x\r\n${pem}`), ['2: a private key'])
    assert.deepEqual(whatIn(encrypted), ['1: a private key'])
    assert.deepEqual(whatIn(JSON.stringify({key: pem})), ['1: a private key'])
    assert.deepEqual(whatIn(pem.replace(/^/gm, '    ')), ['1: a private key'])
    for (const kind of ['OPENSSH PRIVATE KEY', 'EC PRIVATE KEY', 'PGP PRIVATE KEY BLOCK']) {
      const block = `-----BEGIN ${kind}-----\n\n${'b3Bl'.repeat(16)}\n-----END ${kind}-----\n`
      assert.deepEqual(whatIn(block), ['1: a private key'], kind)
    }
    assert.deepEqual(whatIn(publicKey), [])
  })

  it('finds a private key that is folded at any column, quoted and escaped, and lets prose about one pass', () => {
    const key = pem.replaceAll('\n', '').replace(/-----(BEGIN|END) PRIVATE KEY-----/g, '')
    for (const columns of [4, 20, 31]) {
      const lines = key.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []
      const folded = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----']
      for (const text of [folded.join('\n'), folded.join('\r\n  '), JSON.stringify(folded.join('\n'))]) {
        assert.deepEqual(whatIn(text), ['1: a private key'], text)
      }
      assert.deepEqual(whatIn(folded.map((line) => `  "${line}\\n" +`).join('\n')), ['1: a private key'])
    }
    const prose = 'is what a key begins with\nand behind it are words\nwhich are letters\nand nothing more\n'
    assert.deepEqual(whatIn(`-----BEGIN PRIVATE KEY-----\n${prose.repeat(4)}`), [])
    assert.deepEqual(whatIn(`\`-----BEGIN PRIVATE KEY-----\` ${prose.repeat(4)}`), [])
  })

  it('finds private keys of PuTTY', () => {
    const head = 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: ada\nPublic-Lines: 1\nAAAAC3Nz\n'
    const body = `${'b3Bl'.repeat(12)}\n`
    for (const lineEnd of ['\n', '\r\n']) {
      const file = `${head}Private-Lines: 1\n${body}Private-MAC: 0f\n`.replaceAll('\n', lineEnd)
      assert.deepEqual(whatIn(file), ['6: a private key'])
    }
    assert.deepEqual(whatIn(`${head}Private-Lines: 1\n...\n`), [])
  })

  it('lets a placeholder for a private key pass', () => {
    assert.deepEqual(whatIn(`-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n${'a'.repeat(64)}`), [])
    assert.deepEqual(whatIn('grep -e "-----BEGIN RSA PRIVATE KEY-----" file'), [])
  })

  it('finds the key files of apkg', () => {
    const privateKey = Buffer.alloc(32, 7).toString('base64')
    const text = JSON.stringify({keyId: 'SHA256:x', privateKey}, null, 2)
    assert.deepEqual(whatIn(text), ['3: the private key of an apkg key file'])
  })

  it('finds them across every border of chunks, once, with the right line', () => {
    const bytes = Buffer.from(`${'line\n'.repeat(1000)}${value('session')}\n${pem}`)
    for (const size of [1, 7, 64, 4999, 5000, 5001, bytes.length]) {
      const scan = new SecretScan()
      for (let start = 0; start < bytes.length; start += size) scan.push(bytes.subarray(start, start + size))
      assert.deepEqual(scan.findings, [
        {line: 1001, what: 'the value of a session'},
        {line: 1002, what: 'a private key'},
      ])
    }
  })

  it('looks through binary files and UTF-16', () => {
    const binary = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 1, 2, 0x80]), Buffer.from(value('refresh'))])
    const scans = [binary, Buffer.from(`\uFEFF${value('refresh')}`, 'utf16le')].map((bytes) => {
      const scan = new SecretScan()
      scan.push(bytes)
      return scan.findings
    })
    const expected = [{line: 1, what: 'the value of a refresh token'}]
    assert.deepEqual(scans, [expected, expected])
  })
})
