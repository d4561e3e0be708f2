import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {canonicalRegistry, isLoopback, isUrlWithin} from '../../src/registry/registry-url.js'

describe('the canonical URL of a registry', () => {
  for (const [what, text, canonical] of [
    ['is unchanged', 'https://api.apkg.ai', 'https://api.apkg.ai'],
    ['has scheme and host in lowercase', 'HTTPS://API.Apkg.AI', 'https://api.apkg.ai'],
    ['keeps the case of its path', 'https://h.example/Apkg', 'https://h.example/Apkg'],
    ['omits the default port', 'https://api.apkg.ai:443/', 'https://api.apkg.ai'],
    ['omits the default port of http too', 'http://localhost:80', 'http://localhost'],
    ['keeps other ports', 'https://api.apkg.ai:8443', 'https://api.apkg.ai:8443'],
    ['omits a trailing slash', 'https://api.apkg.ai/', 'https://api.apkg.ai'],
    ['omits several trailing slashes', 'https://h.example/v1///', 'https://h.example/v1'],
    ['keeps its path', 'https://registry.apkg.ai/api/v1', 'https://registry.apkg.ai/api/v1'],
    ['has a normalized path', 'https://h.example/a/../b/./c', 'https://h.example/b/c'],
    ['has slashes instead of backslashes', 'https://h.example\\v1', 'https://h.example/v1'],
    ['has an internationalized host in Punycode', 'https://bücher.example', 'https://xn--bcher-kva.example'],
    ['is trimmed', ' https://api.apkg.ai\n', 'https://api.apkg.ai'],
    ['can be localhost', 'http://LOCALHOST:4873', 'http://localhost:4873'],
    ['can be 127.0.0.1', 'http://127.0.0.1:4873/', 'http://127.0.0.1:4873'],
    ['can be any loopback address', 'http://127.8.9.10', 'http://127.8.9.10'],
    ['can be an abbreviated loopback address', 'http://127.1:81', 'http://127.0.0.1:81'],
    ['can be ::1', 'http://[::1]:4873/p/', 'http://[::1]:4873/p'],
    ['can be an unabbreviated ::1', 'http://[0:0:0:0:0:0:0:1]', 'http://[::1]'],
  ] as const) {
    it(`canonical URL: ${what} (${JSON.stringify(text)})`, () => {
      assert.equal(canonicalRegistry(text, '--registry'), canonical)
      assert.equal(canonicalRegistry(canonical, '--registry'), canonical, 'it is its own canonical URL')
    })
  }

  it('canonical URL: takes linear time for many slashes', () => {
    const start = performance.now()
    assert.equal(canonicalRegistry(`https://h.example${'/'.repeat(1_000_000)}x//`, '--registry').length, 1_000_018)
    assert.ok(performance.now() - start < 2000)
  })

  const notHttp = 'it is not an https or http URL'
  const plainHttp = 'plain http would expose credentials to the network, and is allowed only for localhost'
  const notUrl = 'it is not a URL'
  const queryOrFragment = 'it contains a query or a fragment'
  for (const [what, text, reason] of [
    ['an empty string', '', notUrl],
    ['whitespace', ' ', notUrl],
    ['a host without a scheme', 'registry.example.com', notUrl],
    ['a path', '/registry', notUrl],
    ['a port that is out of range', 'https://h.example:65536', notUrl],
    ['an ftp URL', 'ftp://h.example', notHttp],
    ['a file URL', 'file:///etc/passwd', notHttp],
    ['a javascript URL', 'javascript:alert(1)', notHttp],
    ['a host that looks like a scheme', 'localhost:4873', notHttp],
    ['plain http', 'http://registry.example.com', plainHttp],
    ['plain http to a host that starts with localhost', 'http://localhost.example.com', plainHttp],
    ['plain http to a host that starts with 127.0.0.1', 'http://127.0.0.1.example.com', plainHttp],
    ['plain http to 0.0.0.0', 'http://0.0.0.0:4873', plainHttp],
    ['plain http to the local network', 'http://192.168.1.2', plainHttp],
    ['plain http to another IPv6 address', 'http://[::2]', plainHttp],
  ] as const) {
    it(`canonical URL: cannot be ${what} (${JSON.stringify(text)})`, () => {
      assert.throws(() => canonicalRegistry(text, 'APKG_REGISTRY'), {
        code: 'REGISTRY_INVALID',
        exitCode: 2,
        message: `Invalid registry URL ${text} (from APKG_REGISTRY): ${reason}`,
        suggestions: ['use a URL such as https://registry.example.com/path'],
      })
    })
  }

  for (const [what, text, shown] of [
    ['a username and a password', 'https://ada:s3cret@h.example/v1?x', 'https://h.example/v1'],
    ['only a password', 'https://:s3cret@h.example', 'https://h.example/'],
    ['only a username, which could be a token', 'https://s3cret@h.example', 'https://h.example/'],
    ['a password and another scheme', 'ftp://ada:s3cret@h.example/', 'ftp://h.example/'],
    ['a percent-encoded password', 'https://ada:s3cret%40@h.example/', 'https://h.example/'],
  ] as const) {
    it(`canonical URL: cannot have ${what}, which the error does not reveal`, () => {
      assert.throws(
        () => canonicalRegistry(text, '--registry'),
        (error: Error) => {
          const message = `Invalid registry URL ${shown} (from --registry): it contains a username or password`
          assert.equal(error.message, message)
          assert.ok(!JSON.stringify(error).includes('s3cret'))
          return true
        },
      )
    })
  }

  for (const [what, text, shown, reason] of [
    ['a query', 'https://h.example?token=s3cret', 'https://h.example/', queryOrFragment],
    ['a fragment', 'https://h.example/v1#s3cret', 'https://h.example/v1', queryOrFragment],
    ['a query and another scheme', 'ftp://h.example/?s3cret', 'ftp://h.example/', notHttp],
    ['a password and a bad port', 'https://ada:s3cret@h.example:port/v1?s3cret', 'https://h.example:port/v1', notUrl],
    ['a password with a slash', 'https://ada:x/s3cret@h.example', 'https://h.example', notUrl],
    ['a password with a question mark', 'https://ada:x?s3cret@h.example', 'https://h.example', notUrl],
    ['a password with a number sign', 'https://ada:x#s3cret@h.example/#s3cret', 'https://h.example/', notUrl],
    ['a password with an at sign', 'https://ada:s3@s3cret@h.example:x', 'https://h.example:x', notUrl],
    ['a password without a scheme', 'ada:s3cret@h.example', 'h.example', notHttp],
    ['a token without a scheme', 's3cret@h.example/v1', 'h.example/v1', notUrl],
    ['a password without a host', 'https://ada:s3cret@', 'https://', notUrl],
    ['a query without a scheme', 'h.example/?token=s3cret', 'h.example/', notUrl],
    ['a query on the third line', 'h.example\n  hint: x\n?s3cret', 'h.example\\u{a}  hint: x\\u{a}', notUrl],
  ] as const) {
    it(`canonical URL: cannot have ${what}, which the error does not quote`, () => {
      assert.throws(() => canonicalRegistry(text, '--registry'), {
        message: `Invalid registry URL ${shown} (from --registry): ${reason}`,
      })
    })
  }
})

describe('isLoopback', () => {
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
    it(`isLoopback: is ${loopback} for ${host}`, () => {
      assert.equal(isLoopback(host), loopback)
    })
  }
})

describe('isUrlWithin', () => {
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
    it(`isUrlWithin: is ${within} for ${target} and the base ${base}`, () => {
      assert.equal(isUrlWithin(new URL(target), base), within)
    })
  }
})
