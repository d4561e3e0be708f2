import assert from 'node:assert/strict'
import {describe, it} from 'node:test'
import {fileURLToPath} from 'node:url'

import {Config} from '@oclif/core'

import {commandGroups, groupsOf} from '../../../src/machine/start/command-groups.js'

describe('the groups of commands', () => {
  it('have every visible command once, and none that there is not', async () => {
    const {commands} = await Config.load({root: fileURLToPath(new URL('../../..', import.meta.url)), userPlugins: false})
    const visible = commands.filter(({hidden, aliases, id}) => !hidden && !aliases.includes(id))
    const words = [...new Set(visible.map(({id}) => id.split(':')[0]))]
    assert.ok(words.length > 20)
    assert.deepEqual(commandGroups.flatMap((group) => group.commands).sort(), words.sort())
  })

  it('are followed by what plugins bring', () => {
    const groups = groupsOf(['token:list', 'registry:serve', 'registry:user:add', 'hello', 'add'])
    assert.deepEqual(groups.slice(0, -1), commandGroups)
    assert.deepEqual(groups.at(-1), {title: 'From plugins', commands: ['hello', 'registry']})
  })
})
