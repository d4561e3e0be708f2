import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {it} from 'node:test'

import {inRepository} from '../support/repository.js'
import {proseOf, readPages, type Page} from './pages.js'

interface Flag {
  name: string
  char?: string
  allowNo?: boolean
  aliases?: string[]
}

interface Manifest {
  commands: Record<string, {id: string; aliases: string[]; flags: Record<string, Flag>}>
}

const commands = new Map(
  [
    'oclif.manifest.json',
    'packages/plugin-registry/oclif.manifest.json',
    'node_modules/@oclif/plugin-plugins/oclif.manifest.json',
  ]
    .map((file) => JSON.parse(readFileSync(inRepository(file), 'utf8')) as Manifest)
    .flatMap((manifest) => Object.values(manifest.commands))
    .flatMap((command) => [command.id, ...command.aliases].map((id) => [id.replaceAll(' ', ':'), command] as const)),
)

/** Commands of example plugins, and text that only starts like a command. */
const others = /^(hello|bundle|keychain|token stale|provenance v1)\b/

const everywhere = ['--registry', '--offline', '--json', '--help', '-h', '--version', '-v', '-V']

it('docs: every command and flag that a page shows exists', () => {
  const lines = readPages().flatMap((page) => commandLines(page).map((line) => ({page, line})))
  assert.ok(lines.length > 200)
  const wrong = lines.flatMap(({page, line}) =>
    problemsOf(line).map((problem) => `${page.file}: apkg ${line}: ${problem}`),
  )
  assert.deepEqual(wrong, [])
})

/** The words after `apkg` in shell blocks and in inline code. */
function commandLines(page: Page): string[] {
  const blocks = [...page.text.matchAll(/^ *```(?:sh|console|yaml|ini)\n([^]*?)^ *```$/gm)].map(
    ([, block = '']) => block,
  )
  const inline = [...proseOf(page).matchAll(/`(apkg [^`\n]+)`/g)].map(([, code = '']) => code)
  return [...blocks.flatMap((block) => block.split('\n')), ...inline]
    .map((line) => line.replace(/(^|\s)#.*$/, ''))
    .flatMap((line) => [...line.matchAll(/(?:^|[\s(;&|])apkg ((?:[^|;&()<>]|<[a-z- ]+>)+)/g)])
    .map(([, rest = '']) => rest.trim())
    .filter((rest) => rest !== '' && !others.test(rest))
}

function problemsOf(line: string): string[] {
  const words = line.replace(/^--registry \S+ /, '').split(/\s+/)
  const given = words.filter((word) => /^--?[a-z]/i.test(word)).map((word) => word.replace(/=.*$/, ''))
  const named = words.filter((word) => /^[a-z-]+$/.test(word) && !word.startsWith('-'))
  const id = [3, 2, 1].map((length) => named.slice(0, length).join(':')).find((each) => commands.has(each))
  if (id === undefined && named.length > 0 && !isTopic(named)) return ['no such command']
  const flags = Object.values(commands.get(id ?? '')?.flags ?? {}).flatMap(spellings)
  return given.filter((flag) => !everywhere.includes(flag) && !flags.includes(flag)).map((flag) => `no flag ${flag}`)
}

/** `apkg token`, or `apkg cache list|clean|verify`. */
function isTopic(words: string[]): boolean {
  return words[0] === 'help' || [...commands.keys()].some((id) => id.startsWith(`${words.join(':')}:`))
}

function spellings({name, char, allowNo, aliases = []}: Flag): string[] {
  return [
    `--${name}`,
    ...(allowNo ? [`--no-${name}`] : []),
    ...(char ? [`-${char}`] : []),
    ...aliases.map((each) => `--${each}`),
  ]
}
