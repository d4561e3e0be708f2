import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {knownTools} from '@apkg/package-format'

import Add from '../../src/commands/add.js'
import type {Draft} from '../support/publish-package.js'
import {startSetUp} from '../support/set-up-project.js'

/** Text for which careless parsers and matchers take exponential or quadratic time. */
const units: Record<string, string> = {
  'alternatives in braces': '{a,b}',
  'opening braces': '{',
  'opening braces with commas': '{a,',
  'closing braces': '}',
  'empty braces': '{,}',
  'nested braces': '{a,{b,',
  'braces with ranges': '{1..9}',
  'opening parentheses': '(',
  'parentheses with commas': '(a,b)',
  'unclosed parentheses': '(a,',
  brackets: '[a',
  'negated brackets': '[!a]',
  stars: '*',
  'stars with letters': '*a',
  'double stars': '**/',
  'double stars with letters': '**/a/',
  'extended patterns': '+(a|a)',
  'negated patterns': '!(a)',
  'question marks': '?',
  commas: ',',
  'commas and blanks': ' ,',
  blanks: ' ',
  quotes: '"',
  'single quotes': "'",
  backslashes: '\\',
  colons: ': ',
  'lines with a colon and an at sign': ': @\n',
  dashes: '- ',
  'anchors and aliases': '&a *a ',
}

const short = 273
const long = 30_000
const veryLong = 240_000

const fields = ['globs', 'paths', 'tools', 'allowed-tools', 'description', 'argument-hint', 'unknown']

/** In milliseconds, on a busy machine. Exponential time would be hours. */
const maxTime = 15_000

const definitionOf = {rule: 'rules/x.md', skill: 'SKILL.md', agent: 'agents/x.md', command: 'commands/x.md'} as const

function frontmatter(unit: string, size: number): string {
  const text = unit.repeat(Math.ceil(size / unit.length)).slice(0, size)
  return `---\n${fields.map((field) => `${field}: ${text}\n`).join('')}---\nBody.\n`
}

describe('a definition with a hostile value in every field', () => {
  for (const [what, unit] of Object.entries(units)) {
    it(`add: ${what} take no noticeable time, and Ctrl-C is not ignored`, async (t) => {
      const drafts = Object.entries(definitionOf).flatMap(([type, file]): Draft[] => [
        {name: `@acme/${type}-short`, type, files: {[file]: frontmatter(unit, short)}},
        {
          name: `@acme/${type}-quoted`,
          type,
          files: {[file]: `---\nglobs: ${JSON.stringify(unit.repeat(50))}\n---\nBody.\n`},
        },
        {
          name: `@acme/${type}-list`,
          type,
          files: {[file]: `---\npaths:\n  - ${JSON.stringify(unit.repeat(50))}\n---\nBody.\n`},
        },
        {name: `@acme/${type}-long`, type, files: {[file]: frontmatter(unit, long / fields.length)}},
      ])
      const limited = '---\nname: x\ndescription: x\ndisable-model-invocation: true\n---\n'
      for (const size of [long, veryLong]) {
        const settings = `dependencies: ${unit.repeat(Math.ceil(size / unit.length))}\n`
        drafts.push({
          name: `@acme/settings-${size}`,
          type: 'skill',
          files: {'SKILL.md': limited, 'agents/openai.yaml': settings, 'x/agents/openai.yaml': settings.slice(14)},
        })
      }
      const project = await startSetUp(t, drafts, {})
      const start = performance.now()
      let longest = 0
      let last = start
      const pulse = setInterval(() => {
        longest = Math.max(longest, performance.now() - last)
        last = performance.now()
      }, 5)
      t.after(() => {
        clearInterval(pulse)
      })
      await project.run(Add, [...drafts.map(({name}) => name), ...knownTools.flatMap((tool) => ['--setup', tool])])
      const time = performance.now() - start
      assert.ok(time < maxTime, `took ${Math.round(time)} ms`)
      assert.ok(longest < 5000, `blocked for ${Math.round(longest)} ms`)
    })
  }
})
