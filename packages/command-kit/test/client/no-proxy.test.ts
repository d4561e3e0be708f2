import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {isBypassed} from '../../src/client/no-proxy.js'

const covered: [noProxy: string, ...urls: string[]][] = [
  ['corp.test', 'https://corp.test', 'https://reg.corp.test', 'https://a.b.CORP.test/path'],
  ['.corp.test', 'https://corp.test', 'https://reg.corp.test'],
  ['*.corp.test', 'https://reg.corp.test'],
  ['*', 'https://reg.corp.test', 'https://[::2]'],
  ['CORP.test:8443', 'https://reg.corp.test:8443'],
  ['corp.test:443', 'https://reg.corp.test'],
  ['a.test, corp.test b.test', 'https://reg.corp.test', 'https://b.test'],
  ['10.0.0.0/8', 'https://10.1.2.3'],
  ['192.0.2.7', 'https://192.0.2.7'],
  ['2001:db8::/32', 'https://[2001:db8::1]'],
  ['[2001:db8::1]:443,x', 'https://[2001:db8::1]'],
  ['2001:db8::1', 'https://[2001:db8::1]'],
]

const proxied: [noProxy: string, ...urls: string[]][] = [
  ['', 'https://reg.corp.test'],
  ['corp.test', 'https://notcorp.test', 'https://corp.test.example'],
  ['reg.corp.test', 'https://corp.test'],
  ['corp.test:8443', 'https://reg.corp.test'],
  ['10.0.0.0/8', 'https://11.1.2.3', 'https://10.example'],
  ['0.2.7', 'https://192.0.2.7'],
  ['10.0.0.0/99', 'https://10.1.2.3'],
  ['2001:db8::/32', 'https://10.1.2.3'],
]

describe('NO_PROXY', () => {
  for (const [noProxy, ...urls] of covered) {
    it(`NO_PROXY: ${noProxy} covers ${urls.join(', ')}`, () => {
      for (const url of urls) assert.equal(isBypassed(new URL(url), noProxy), true, url)
    })
  }
  for (const [noProxy, ...urls] of proxied) {
    it(`NO_PROXY: \`${noProxy}\` does not cover ${urls.join(', ')}`, () => {
      for (const url of urls) assert.equal(isBypassed(new URL(url), noProxy), false, url)
    })
  }
})
