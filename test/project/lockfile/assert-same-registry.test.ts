import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {assertSameRegistry} from '../../../src/project/lockfile/assert-same-registry.js'
import {lockOf} from '../resolution/packages.js'

const registry = 'https://r.example/base'

describe('assertSameRegistry', () => {
  const lockfile = {packages: lockOf(), leftOver: []}

  it('assertSameRegistry: accepts a lockfile with the current registry, or none', () => {
    assertSameRegistry({...lockfile, registry}, registry)
    assertSameRegistry({...lockfile, registry: undefined}, registry)
  })

  it('assertSameRegistry: rejects a lockfile with another registry, and escapes its URL', () => {
    assert.throws(() => assertSameRegistry({...lockfile, registry: 'https://evil.example\u001b[2J'}, registry), {
      code: 'LOCKFILE_OTHER_REGISTRY',
      exitCode: 3,
      message: `apkg-lock.json was created for https://evil.example\\u{1b}[2J, but the current registry is ${registry}`,
    })
  })

  it('assertSameRegistry: shows no password, query or fragment of the URL', () => {
    for (const url of ['https://ada:s3cret@r.test/a', 'https://r.test/a?token=s3cret', 'https://r.test/a#s3cret']) {
      assert.throws(() => assertSameRegistry({...lockfile, registry: url}, registry), {
        message: `apkg-lock.json was created for https://r.test/a, but the current registry is ${registry}`,
      })
    }
  })
})
