import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {canonicalRegistry, isLoopback, liesWithin} from '../../src/registry/registry-url.js'

describe('the canonical URL of a registry', () => {
  for (const [what, text, canonical] of [
    ['stays as it is', 'https://api.apkg.ai', 'https://api.apkg.ai'],
    ['has scheme and host in lower case', 'HTTPS://API.Apkg.AI', 'https://api.apkg.ai'],
    ['keeps the case of its path', 'https://h.example/Apkg', 'https://h.example/Apkg'],
    ['has no default port', 'https://api.apkg.ai:443/', 'https://api.apkg.ai'],
    ['has no default port on this machine either', 'http://localhost:80', 'http://localhost'],
    ['keeps any other port', 'https://api.apkg.ai:8443', 'https://api.apkg.ai:8443'],
    ['has no slash at its end', 'https://api.apkg.ai/', 'https://api.apkg.ai'],
    ['has no slashes at its end', 'https://h.example/v1///', 'https://h.example/v1'],
    ['keeps its path', 'https://registry.apkg.ai/api/v1', 'https://registry.apkg.ai/api/v1'],
    ['has its path resolved', 'https://h.example/a/../b/./c', 'https://h.example/b/c'],
    ['has its backslashes read as a browser reads them', 'https://h.example\\v1', 'https://h.example/v1'],
    ['has a host beyond ASCII as the network spells it', 'https://bücher.example', 'https://xn--bcher-kva.example'],
    ['has no white space round it', ' https://api.apkg.ai\n', 'https://api.apkg.ai'],
    ['may be this machine by name', 'http://LOCALHOST:4873', 'http://localhost:4873'],
    ['may be this machine by address', 'http://127.0.0.1:4873/', 'http://127.0.0.1:4873'],
    ['may be any of its loopback addresses', 'http://127.8.9.10', 'http://127.8.9.10'],
    ['may be a loopback address in its short spelling', 'http://127.1:81', 'http://127.0.0.1:81'],
    ['may be its IPv6 address', 'http://[::1]:4873/p/', 'http://[::1]:4873/p'],
    ['may be its IPv6 address in the long spelling', 'http://[0:0:0:0:0:0:0:1]', 'http://[::1]'],
  ] as const) {
    it(`${what}: ${JSON.stringify(text)}`, () => {
      assert.equal(canonicalRegistry(text, '--registry'), canonical)
      assert.equal(canonicalRegistry(canonical, '--registry'), canonical, 'and is its own canonical URL')
    })
  }

  const notHttp = 'it is neither https nor http'
  const plain = 'plain http is only for this machine; anywhere else it would show credentials to the network'
  const noUrl = 'it is not a URL'
  const more = 'it holds a query or a fragment'
  for (const [what, text, reason] of [
    ['nothing', '', noUrl],
    ['white space', ' ', noUrl],
    ['a host alone', 'registry.example.com', noUrl],
    ['a path', '/registry', noUrl],
    ['a port beyond the last', 'https://h.example:65536', noUrl],
    ['ftp', 'ftp://h.example', notHttp],
    ['a file', 'file:///etc/passwd', notHttp],
    ['a script', 'javascript:alert(1)', notHttp],
    ['a host that is taken for a scheme', 'localhost:4873', notHttp],
    ['a query', 'https://h.example?token=x', more],
    ['a fragment', 'https://h.example/#x', more],
    ['plain http', 'http://registry.example.com', plain],
    ['plain http to a name that begins like this machine', 'http://localhost.example.com', plain],
    ['plain http to a name that begins like an address of it', 'http://127.0.0.1.example.com', plain],
    ['plain http to every address', 'http://0.0.0.0:4873', plain],
    ['plain http to a neighbor', 'http://192.168.1.2', plain],
    ['plain http to another IPv6 address', 'http://[::2]', plain],
  ] as const) {
    it(`is none for ${what}: ${JSON.stringify(text)}`, () => {
      assert.throws(() => canonicalRegistry(text, 'APKG_REGISTRY'), {
        code: 'REGISTRY_INVALID',
        exitCode: 2,
        message: `Invalid registry URL ${text} (from APKG_REGISTRY): ${reason}`,
        suggestions: ['use a URL such as https://registry.example.com/path'],
      })
    })
  }

  for (const [what, text, shown] of [
    ['a username and a password', 'https://ada:s3cret@h.example/v1?x', 'https://h.example/v1?x'],
    ['a password alone', 'https://:s3cret@h.example', 'https://h.example/'],
    ['a username alone, which may be a token', 'https://s3cret@h.example', 'https://h.example/'],
    ['a password for another scheme', 'ftp://ada:s3cret@h.example/', 'ftp://h.example/'],
    ['a password with escapes', 'https://ada:s3cret%40@h.example/', 'https://h.example/'],
  ] as const) {
    it(`is none for ${what}, and does not say it`, () => {
      assert.throws(
        () => canonicalRegistry(text, '--registry'),
        (error: Error) => {
          const message = `Invalid registry URL ${shown} (from --registry): it holds a username or a password`
          assert.equal(error.message, message)
          assert.ok(!JSON.stringify(error).includes('s3cret'))
          return true
        },
      )
    })
  }
})

describe('this machine', () => {
  for (const [host, loopback] of [
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.255.255.254', true],
    ['[::1]', true],
    ['128.0.0.1', false],
    ['localhost.', false],
    ['a127.0.0.1', false],
    ['[::ffff:7f00:1]', false],
  ] as const) {
    it(`is ${loopback ? '' : 'not '}${host}`, () => {
      assert.equal(isLoopback(host), loopback)
    })
  }
})

describe('what lies within a base', () => {
  for (const [base, target, within] of [
    ['https://h.example', 'https://h.example/', true],
    ['https://h.example', 'https://h.example/auth/tokens?limit=1', true],
    ['https://h.example/v1', 'https://h.example/v1', true],
    ['https://h.example/v1', 'https://h.example/v1/auth', true],
    ['https://h.example/v1/', 'https://h.example/v1/auth', true],
    ['https://h.example/v1', 'https://h.example/v10/auth', false],
    ['https://h.example/v1', 'https://h.example/', false],
    ['https://h.example/v1', 'https://h.example/V1/auth', false],
    ['https://h.example/v1', 'https://h.example/v1/../v2/auth', false],
    ['https://h.example/v1', 'https://h.example/v1/%2e%2e/v2', false],
    ['https://h.example/v1', 'https://h.example/v1/a%2f..%2f..%2fb', false],
    ['https://h.example/v1', 'https://h.example/v1/a%2Fb', false],
    ['https://h.example/v1', 'https://h.example/v1/..%5cb', false],
    ['https://h.example', 'https://h.example/a%5Cb', false],
    ['https://h.example', 'https://h.example/a?next=%2Fb%5C', true],
    ['https://h.example', 'https://h.example/a%252fb', true],
    ['https://h.example', 'https://h.example:8443/', false],
    ['https://h.example', 'https://h.example.evil.example/', false],
    ['https://h.example', 'https://sub.h.example/', false],
    ['https://localhost', 'http://localhost/', false],
    ['http://localhost:443', 'https://localhost/', false],
  ] as const) {
    it(`${within ? 'is' : 'is not'} ${target} for ${base}`, () => {
      assert.equal(liesWithin(new URL(target), base), within)
    })
  }
})
