import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import Add from '../../src/commands/add.js'
import Info from '../../src/commands/info.js'
import {startPublished} from '../support/published.js'
import {makeTree} from '../support/make-tree.js'

const drafts = [{name: '@ada/code-review'}, {name: '@ada/secret-tool', visibility: 'private' as const}]

describe('a package that is not found', () => {
  it('add and info: suggest a package with a similar name that the user can read', async (t) => {
    const {run} = await startPublished(t, drafts)
    const cwd = await makeTree(t, {})
    for (const command of [Add, Info]) {
      const first = async (typed: string, home?: string) => {
        const {stdout} = await run(command, [typed, '--json'], {cwd, ...(home !== undefined && {home})})
        return (JSON.parse(stdout) as {error: {suggestions: string[]}}).error.suggestions[0]
      }
      assert.equal(await first('@ada/code-reviw'), 'did you mean `@ada/code-review`?')
      assert.equal(await first('@ada/cdoe-review'), 'did you mean `@ada/code-review`?')
      assert.equal(await first('@ada/secret-tol'), 'did you mean `@ada/secret-tool`?')
      assert.equal(await first('@ada/secret-tol', cwd), 'check the name')
      assert.equal(await first('@ada/something-else'), 'check the name')
      assert.equal(await first('@nobody/code-review'), 'check the name')
    }
  })
})
