import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import Deprecate from '../../src/commands/deprecate.js'
import Search from '../../src/commands/search.js'
import TrustAdd from '../../src/commands/trust/add.js'
import {failureOf, seen} from '../support/command.js'
import {deadAddress} from '../support/hostile-registry.js'
import {startPublished} from '../support/published.js'

const drafts = ['one', 'two', 'three'].map((name) => ({
  name: `@ada/review-${name}`,
  description: `Reviews ${name}`,
  type: 'skill',
  origin: 'cursor',
  targets: ['claude-code', 'cursor'],
}))

describe('search', () => {
  it('search: shows each match with the tools it is for', async (t) => {
    const {run} = await startPublished(t, drafts)
    await run(Deprecate, ['@ada/review-two', 'Use one'])
    const {stdout, stderr, exitCode} = await run(Search, ['two'])
    assert.deepEqual([stderr, exitCode], ['', 0])
    assert.match(
      stdout,
      /^Found 1 package:\n\n {2}@ada\/review-two 1\.0\.0 \[skill\] \(\*cursor, claude-code\) \(deprecated: Use one\)\n {4}Reviews two\n$/,
    )
  })

  it('search: shows pages, and how to get the next one', async (t) => {
    const {run} = await startPublished(t, drafts)
    const first = await run(Search, ['review', '--limit', '2'])
    assert.match(first.stdout, /^Found 3 packages:\n/)
    assert.equal(first.stderr, 'Showing 1 to 2 of 3. Use --offset 2 to see more.\n')
    const second = await run(Search, ['review', '--limit', '2', '--offset', '2'])
    assert.equal(second.stderr, 'Showing 3 to 3 of 3.\n')
    const names = [first, second].flatMap(({stdout}) => stdout.match(/@ada\/\S+/g))
    assert.deepEqual(names.sort(), ['@ada/review-one', '@ada/review-three', '@ada/review-two'])
    assert.equal(
      (await run(Search, ['review', '--offset', '7'])).stderr,
      '--offset 7 is past the end: 3 packages found.\n',
    )
  })

  it('search: without words, lists the newest packages', async (t) => {
    const {run} = await startPublished(t, drafts)
    const {stdout, stderr, exitCode} = await run(Search, [])
    assert.deepEqual([stderr, exitCode], ['', 0])
    assert.match(stdout, /^Newest packages:\n\n {2}@ada\/review-/)
    assert.equal(stdout.match(/@ada\/review-/g)?.length, 3)
  })

  it('search: names the registry that was searched and the others, if scopes are routed elsewhere', async (t) => {
    const {run, registry} = await startPublished(t, drafts)
    await run(TrustAdd, ['@acme', 'https://r.acme.example'])
    const {stderr, exitCode} = await run(Search, ['two'])
    const others = 'pass `--registry https://r.acme.example`'
    assert.equal(stderr, `Searched ${registry.url} only. To search the registries of routed scopes, ${others}.\n`)
    assert.equal(exitCode, 0)
    assert.equal((await run(Search, ['two', '--registry', registry.url])).stderr, '')
  })

  it('search: takes several words, and prints every field with --json', async (t) => {
    const {run, registry} = await startPublished(t, drafts)
    const {results, ...rest} = JSON.parse((await run(Search, ['reviews', 'three', '--json'])).stdout)
    assert.deepEqual(rest, {registry: registry.url, total: 1, offset: 0})
    assert.deepEqual(results, [
      {
        name: '@ada/review-three',
        version: '1.0.0',
        description: 'Reviews three',
        type: 'skill',
        origin: 'cursor',
        targets: ['claude-code', 'cursor'],
        keywords: [],
        publisher: 'ada',
        deprecated: null,
      },
    ])
  })

  it('search: reports that nothing was found', async (t) => {
    const {run} = await startPublished(t, [])
    const stderr = 'No packages found for "nothing".\n'
    assert.deepEqual(seen(await run(Search, ['nothing'])), {stdout: '', stderr, exitCode: 0})
  })

  it('search: fails if the registry is unreachable, with --json too', async (t) => {
    const {run} = await startPublished(t, [])
    const env = {APKG_REGISTRY: await deadAddress()}
    const failure = failureOf(await run(Search, ['x', '--json'], {env}))
    assert.deepEqual([failure.code, failure.exitCode], ['UNREACHABLE', 5])
    assert.equal((await run(Search, ['x'], {env})).exitCode, 5)
    assert.equal((await run(Search, ['x', '--offline'])).exitCode, 5)
  })

  for (const argv of [
    ['x', '--limit', '0'],
    ['x', '--limit', '251'],
    ['x', '--offset', '-1'],
  ]) {
    it(`search: rejects ${JSON.stringify(argv)}`, async (t) => {
      const {run} = await startPublished(t, [])
      assert.equal((await run(Search, argv)).exitCode, 2)
    })
  }
})
