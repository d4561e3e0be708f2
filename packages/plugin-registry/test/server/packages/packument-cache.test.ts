import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {PackumentCache} from '../../../src/server/packages/packument-cache.js'

const entry = (etag: string, size = 4) => ({etag, body: Buffer.alloc(size, etag)})

describe('the cache of packuments', () => {
  it('packument cache: an entry is found only under its own ETag', () => {
    const cache = new PackumentCache(100)
    cache.set('@acme/tool', entry('a'))
    assert.equal(cache.get('@acme/tool', 'a')?.toString(), 'aaaa')
    assert.equal(cache.get('@acme/tool', 'b'), undefined)
    assert.equal(cache.get('@acme/other', 'a'), undefined)
    assert.deepEqual([cache.has('@acme/tool'), cache.has('@acme/other')], [true, false])
  })

  it('packument cache: a new packument replaces that of the same package', () => {
    const cache = new PackumentCache(100)
    cache.set('@acme/tool', entry('a'))
    cache.set('@acme/tool', entry('b', 6))
    assert.equal(cache.get('@acme/tool', 'a'), undefined)
    assert.equal(cache.get('@acme/tool', 'b')?.length, 6)
    assert.equal(cache.size, 6)
  })

  it('packument cache: the least recently used entries make room', () => {
    const cache = new PackumentCache(10)
    for (const name of ['one', 'two']) cache.set(name, entry(name))
    cache.get('one', 'one')
    cache.set('three', entry('three'))
    assert.deepEqual(
      ['one', 'two', 'three'].map((name) => cache.has(name)),
      [true, false, true],
    )
    assert.equal(cache.size, 8)
  })

  it('packument cache: a packument larger than the cache is not stored, and its outdated entry is removed', () => {
    const cache = new PackumentCache(10)
    cache.set('small', entry('s'))
    cache.set('large', entry('a'))
    cache.set('large', entry('b', 11))
    assert.deepEqual([cache.has('small'), cache.has('large'), cache.size], [true, false, 4])
  })
})
