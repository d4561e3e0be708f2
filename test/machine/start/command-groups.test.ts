import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {commandGroups, groupsOf} from '../../../src/machine/start/command-groups.js'
import {config} from '../../support/oclif-config.js'

describe('command groups', () => {
  it('command groups: contain every visible command exactly once', async () => {
    const {commands} = config
    const visible = commands.filter(({hidden, aliases, id}) => !hidden && !aliases.includes(id))
    const words = [...new Set(visible.map(({id}) => id.split(':')[0]))]
    assert.ok(words.length > 20)
    assert.deepEqual(commandGroups.flatMap((group) => group.commands).sort(), words.sort())
  })

  it('command groups: end with the commands of plugins', () => {
    const groups = groupsOf(['token:list', 'registry:serve', 'registry:user:add', 'hello', 'add'])
    assert.deepEqual(groups.slice(0, -1), commandGroups)
    assert.deepEqual(groups.at(-1), {title: 'From plugins', commands: ['hello', 'registry']})
  })
})
