import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {assertSameRegistry} from '../../../src/project/lockfile/assert-same-registry.js'
import {locked, lockOf} from '../resolution/packages.js'

const registry = 'https://r.example/base'
const acme = 'https://acme.example'

describe('assertSameRegistry', () => {
  const lockfile = {packages: lockOf(locked('@a/x', '1.0.0'), locked('@acme/y', '1.0.0')), leftOver: [], registries: {}}
  const origins = {registry, of: () => registry}
  const routed = {registry, of: (name: string) => (name.startsWith('@acme/') ? acme : registry)}

  it('assertSameRegistry: accepts a lockfile with the current registries, or none', () => {
    assertSameRegistry({...lockfile, registry}, origins)
    assertSameRegistry({...lockfile, registry: undefined}, origins)
    assertSameRegistry({...lockfile, registry, registries: {'@acme': acme}}, routed)
    assertSameRegistry({...lockfile, registry: undefined}, routed)
    const onlyAcme = {...lockfile, packages: lockOf(locked('@acme/y', '1.0.0'))}
    assertSameRegistry({...onlyAcme, registry: acme}, routed)
    assertSameRegistry({...onlyAcme, registry: 'https://unused.example', registries: {'@acme': acme}}, routed)
  })

  it('assertSameRegistry: rejects a scope that came from another registry than its route', () => {
    for (const [locked, now, origins] of [
      [{registry, registries: {'@acme': 'https://evil.example'}}, acme, routed],
      [{registry, registries: {'@acme': acme}}, registry, {registry, of: () => registry}],
      [{registry, registries: {}}, acme, routed],
    ] as const) {
      const from = locked.registries['@acme' as never] ?? registry
      assert.throws(() => assertSameRegistry({...lockfile, ...locked}, origins), {
        code: 'LOCKFILE_OTHER_REGISTRY',
        exitCode: 3,
        message: `apkg-lock.json has packages of @acme from ${from}, but they now come from ${now}`,
        suggestions: [
          `if you trust ${from}, run \`apkg trust add @acme ${from}\``,
          `to move the project to ${now} instead, delete apkg-lock.json and run \`apkg install\``,
        ],
      })
    }
  })

  it('assertSameRegistry: rejects a lockfile with another registry, and escapes its URL', () => {
    assert.throws(() => assertSameRegistry({...lockfile, registry: 'https://evil.example\u001b[2J'}, origins), {
      code: 'LOCKFILE_OTHER_REGISTRY',
      exitCode: 3,
      message: `apkg-lock.json was created for https://evil.example\\u{1b}[2J, but the current registry is ${registry}`,
    })
  })

  it('assertSameRegistry: first suggests to select the registry of the lockfile', () => {
    assert.throws(() => assertSameRegistry({...lockfile, registry: acme}, origins), {
      suggestions: [
        `if you trust ${acme}, set APKG_REGISTRY=${acme}, or pass \`--registry ${acme}\``,
        `to move the project to ${registry} instead, delete apkg-lock.json and run \`apkg install\``,
      ],
    })
  })

  it('assertSameRegistry: shows no password, query or fragment of the URL', () => {
    for (const url of ['https://ada:s3cret@r.test/a', 'https://r.test/a?token=s3cret', 'https://r.test/a#s3cret']) {
      assert.throws(() => assertSameRegistry({...lockfile, registry: url}, origins), {
        message: `apkg-lock.json was created for https://r.test/a, but the current registry is ${registry}`,
      })
    }
  })
})
