import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {Plugin} from '@oclif/core'

import {valueSource} from '../../../src/machine/completion/value-sources.js'
import {repository} from '../../support/repository.js'

/** Arguments that can't be completed. */
const free = new Set([
  ...['search query', 'deprecate message', 'complete words', 'version version'],
  // A directory or the name of a package.
  'link target',
  // A directory.
  'lint directory',
  // A scope with `/*`.
  'trusted-publisher:require scope',
  // Users, whom only admins could list.
  ...['org:member:add user', 'org:member:remove user'],
])

describe('`static completion`', () => {
  it('static completion: declares a known kind for every argument without options, and only for existing ones', async () => {
    const plugin = new Plugin({root: repository, ignoreManifest: true})
    await plugin.load()
    let declared = 0
    for (const {id, args, flags, ...others} of plugin.commands) {
      const completion = (others as {completion?: Record<string, string>}).completion ?? {}
      for (const [name, kind] of Object.entries(completion)) {
        assert.ok(name in args || name in flags, `${id} has no ${name}`)
        assert.ok(await valueSource(kind), `${id}: unknown kind ${kind}`)
        declared++
      }
      for (const [name, {options}] of Object.entries(args)) {
        const isKnown = options !== undefined || name in completion || name === 'registry'
        assert.ok(isKnown || free.has(`${id} ${name}`), `the values of ${name} of ${id} are not declared`)
      }
    }
    assert.ok(declared > 20)
  })
})
