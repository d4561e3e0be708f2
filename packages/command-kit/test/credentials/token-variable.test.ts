import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {isTokenVariable, tokenVariableFor} from '../../src/credentials/token-variable.js'
import {canonicalRegistry} from '../../src/registry/registry-url.js'

/** All texts of up to `length` characters from an alphabet. */
function* texts(alphabet: string, length: number): Generator<string> {
  yield ''
  if (length === 0) return
  for (const rest of texts(alphabet, length - 1)) for (const character of alphabet) yield character + rest
}

/** The registries that URLs with this host have, with several ports. */
function* registriesAt(host: string): Generator<string> {
  for (const scheme of ['https', 'http']) {
    for (const port of ['', ':1', ':11', ':80', ':443', ':8080']) {
      try {
        yield canonicalRegistry(`${scheme}://${host}${port}`, 'test')
      } catch {
        // Not a registry.
      }
    }
  }
}

/** The host and the port that a client connects to. */
function addressOf(registry: string): string {
  const {protocol, hostname, port} = new URL(registry)
  return `${hostname} ${port || (protocol === 'http:' ? '80' : '443')}`
}

describe('token variable', () => {
  for (const [registry, variable] of [
    ['https://r.example.com', 'APKG_TOKEN__R_EXAMPLE_COM'],
    ['https://api-2.apkg.ai:8443', 'APKG_TOKEN__API__2_APKG_AI_8443'],
    ['https://a--b', 'APKG_TOKEN__A____B'],
    ['https://a-b.c', 'APKG_TOKEN__A__B_C'],
    ['https://xn--bcher-kva.example', 'APKG_TOKEN__XN____BCHER__KVA_EXAMPLE'],
    ['http://127.0.0.1:4873', 'APKG_TOKEN__127_0_0_1_4873'],
    ['http://localhost', 'APKG_TOKEN__LOCALHOST_80'],
    ['https://localhost', 'APKG_TOKEN__LOCALHOST'],
    ['https://r.example.com/apkg', undefined],
    ['https://r.example.com.', undefined],
    ['https://r_example.com', undefined],
    ['https://-r.example.com', undefined],
    ['https://r-.example.com', undefined],
    ['https://r..example.com', undefined],
    ['http://[::1]:4873', undefined],
  ] as const) {
    it(`token variable: ${registry} has ${variable ?? 'none'}`, () => {
      assert.equal(tokenVariableFor(registry), variable)
    })
  }

  it('token variable: two hosts or ports never share one, not even on Windows', () => {
    const addresses = new Map<string, string>()
    const hosts = [...texts('a1-._', 6), ...texts('01.', 8)]
    for (const host of [...hosts, ...hosts.map((each) => `b.${each}`), 'localhost']) {
      for (const registry of registriesAt(host)) {
        const variable = tokenVariableFor(registry)
        if (variable === undefined) continue
        assert.match(variable, /^APKG_TOKEN__[A-Z\d_]+$/)
        const address = addresses.get(variable) ?? addressOf(registry)
        assert.equal(addressOf(registry), address, variable)
        addresses.set(variable, address)
      }
    }
    assert.ok(addresses.size > 10_000, String(addresses.size))
  })

  it('token variable: APKG_TOKEN_REGISTRY supplies no token', () => {
    for (const name of ['APKG_TOKEN', 'APKG_TOKEN_FILE', 'APKG_TOKEN__A', 'apkg_token__a']) {
      assert.ok(isTokenVariable(name), name)
    }
    for (const name of ['APKG_TOKEN_REGISTRY', 'APKG_TOKEN_', 'APKG_TOKENS', 'XAPKG_TOKEN', '~/.apkg']) {
      assert.ok(!isTokenVariable(name), name)
    }
  })
})
