import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {withEncodedName} from '../../../src/server/http/scoped-name-path.js'

describe('withEncodedName', () => {
  for (const [target, encoded] of [
    ['/packages/@acme/review', '/packages/@acme%2Freview'],
    ['/packages/%40acme/review', '/packages/%40acme%2Freview'],
    ['/packages/@acme/review/1.0.0/tarball', '/packages/@acme%2Freview/1.0.0/tarball'],
    ['/packages/@acme/review/dist-tags/next?x=/y', '/packages/@acme%2Freview/dist-tags/next?x=/y'],
  ] as const) {
    it(`withEncodedName: ${target} becomes ${encoded}`, () => {
      assert.equal(withEncodedName(target), encoded)
    })
  }

  for (const target of [
    '/packages/%40acme%2Freview/1.0.0',
    '/packages/@acme%2freview/1.0.0',
    '/packages/review/1.0.0',
    '/packages/@acme',
    '/packages/@acme?x=/y',
    '/auth/tokens/@a/b',
    '/search?q=/packages/@acme/review',
  ]) {
    it(`withEncodedName: ${target} stays`, () => {
      assert.equal(withEncodedName(target), target)
    })
  }
})
