import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {chooseTools, type ToolPreferences} from '../../src/tools/choose-tools.js'
import {makeTree} from '../support/make-tree.js'

interface Situation {
  /** Given with --setup. */
  flag?: string[]
  /** `tools` in apkg.json. */
  project?: string[]
  /** `defaultSetup`. */
  user?: Record<string, boolean>
  /** Files and directories in the project. */
  shows?: string[]
}

async function choose(t: TestContext, {flag, project, user = {}, shows = []}: Situation) {
  const folder = await makeTree(t, Object.fromEntries(shows.map((file) => [file, ''])))
  const preferences: ToolPreferences = {project, user}
  const {names, isFallback} = chooseTools({tools: flag, none: false}, preferences, folder)
  return isFallback ? [...names, 'fallback'] : names
}

const cases: [title: string, Situation, expected: string[]][] = [
  ['--setup wins', {flag: ['kiro'], project: ['codex'], user: {cursor: true}, shows: ['.claude/']}, ['kiro']],
  ['then tools in apkg.json', {project: ['codex'], user: {cursor: true}, shows: ['.claude/']}, ['codex']],
  ['tools may be empty', {project: [], user: {cursor: true}, shows: ['.claude/']}, []],
  ['a setting adds its tool to those detected', {user: {cursor: true}, shows: ['.claude/']}, ['claude-code', 'cursor']],
  ['a setting excludes its tool', {user: {'claude-code': false}, shows: ['.claude/', '.kiro/']}, ['kiro']],
  ['then detection', {shows: ['.claude/', 'opencode.json']}, ['claude-code', 'opencode']],
  ['.agents only counts without another tool', {shows: ['.agents/', '.claude/']}, ['claude-code']],
  ['.agents alone is not a fallback', {shows: ['.agents/']}, ['agents']],
  ['AGENTS.md alone is not a fallback', {shows: ['AGENTS.md']}, ['agents']],
  ['nothing found', {}, ['agents', 'fallback']],
  ['--setup all finds nothing either', {flag: ['all']}, ['agents', 'fallback']],
  ['a setting is a choice', {user: {cursor: false}}, []],
  ['an earlier name', {project: ['windsurf']}, ['devin']],
]

describe('choosing tools', () => {
  for (const [title, situation, expected] of cases) {
    it(`choose tools: ${title}`, async (t) => {
      assert.deepEqual(await choose(t, situation), expected)
    })
  }

  it('choose tools: reports names in apkg.json that are not tools, unless a flag wins', async (t) => {
    const folder = await makeTree(t, {})
    const preferences = {project: ['curser', 'windsurf', 'agents', 'cursor'], user: {}}
    const {names, unknown} = chooseTools({tools: undefined, none: false}, preferences, folder)
    assert.deepEqual([names, unknown], [['cursor', 'devin', 'agents'], ['curser']])
    assert.deepEqual(chooseTools({tools: ['kiro'], none: false}, preferences, folder).unknown, [])
  })
})

it('choosing tools: tools that were chosen are not reported as detected', async (t) => {
  const folder = await makeTree(t, {'.claude/': ''})
  const isDetected = (tools: string[] | undefined, preferences: ToolPreferences) =>
    chooseTools({tools, none: false}, preferences, folder).isDetected
  assert.equal(isDetected(undefined, {user: {}}), true)
  assert.equal(isDetected(['all'], {user: {cursor: false}}), true)
  assert.equal(isDetected(['claude-code'], {user: {}}), false)
  assert.equal(isDetected(undefined, {user: {cursor: true}}), false)
  assert.equal(isDetected(undefined, {user: {}, project: ['claude-code']}), false)
})
