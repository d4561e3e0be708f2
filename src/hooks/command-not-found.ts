import {globalFlags, nearestOf} from '@apkg/command-kit'
import type {Hook} from '@oclif/core'

import {failure} from '../entry/failures.js'
import {askPlugins} from '../entry/plugins/ask-plugins.js'
import {sameVerbs} from '../entry/verb-synonyms.js'

/** Official plugins by topic. Users who read the docs may type their commands before installing them. */
const ownPlugins = new Map([['registry', '@apkg/plugin-registry']])

/** What npm, pnpm, cargo, gh and uv call our commands. In npm, `trust` is about trusted publishing. */
const otherNames = new Map<string, {instead: readonly string[]; topic?: string}>([
  ['trust:github', {instead: ['trusted-publisher add --github'], topic: 'trusted-publisher'}],
  ['trust:gitlab', {instead: ['trusted-publisher add --gitlab'], topic: 'trusted-publisher'}],
  ['unpublish', {instead: ['yank', 'deprecate']}],
  ['unyank', {instead: ['yank --undo']}],
  ['undeprecate', {instead: ['deprecate --undo']}],
  ['adduser', {instead: ['login']}],
  ['auth:login', {instead: ['login']}],
  ['auth:logout', {instead: ['logout']}],
  ['auth:status', {instead: ['whoami']}],
  ['upgrade', {instead: ['update', 'check-update']}],
  ['self-update', {instead: ['check-update']}],
  ['explain', {instead: ['why']}],
  ['tree', {instead: ['list']}],
  ['bump', {instead: ['version']}],
  ['new', {instead: ['init']}],
  ['create', {instead: ['init']}],
  ['sync', {instead: ['install']}],
  ['prune', {instead: ['install']}],
  ['tag', {instead: ['dist-tag']}],
])

/** Flags that work without a command. */
const bareFlags = ['--help', '--version', ...Object.keys(globalFlags).map((name) => `--${name}`)]

/**
 * Refuses an unknown command with exit code 2 and suggests the nearest one. oclif's own plugin prompts on a terminal,
 * exits with 127 and doesn't support `--json`.
 */
const commandNotFound: Hook.CommandNotFound = async function ({id, argv = [], config}) {
  await askPlugins(config, 'command_not_found', {id, argv})
  if (id.startsWith('-') && id !== '--') throw flagUnknown(id)
  const typed = id.split(':')
  const [topic = ''] = typed
  const plugin = ownPlugins.get(topic)
  if (plugin && !config.findTopic(topic)) throw failure('COMMAND_UNKNOWN', {command: typed.join(' '), plugin})
  for (const words of [typed.slice(0, 2), typed.slice(0, 1)]) {
    const other = otherNames.get(words.join(':'))
    if (other) throw failure('COMMAND_UNKNOWN', {command: words.join(' '), ...other})
  }
  const visible = config.commandIDs.filter((each) => !config.findCommand(each)?.hidden)
  const known = visible.map((each) => each.split(':'))
  const meant = await pathMeantBy(typed, known)
  const command = typed.slice(0, Math.max(meant.length, 1)).join(' ')
  if (meant.length === 0 || command !== meant.join(' '))
    throw failure('COMMAND_UNKNOWN', {command, nearest: meant.join(' ') || undefined})
  const next = typed[meant.length] ?? ''
  const found = config.findCommand(meant.join(':'))
  if (found) {
    const isLabel = 'label' in found.flags && typed.length === meant.length + 1 && /^[\w@.][\w@.-]*$/.test(next)
    const suggestions = [
      ...(isLabel ? [`did you mean \`apkg ${command} --label ${next}\`?`] : []),
      `see \`apkg help ${command}\``,
    ]
    throw failure('USAGE', {message: `Unexpected argument for \`apkg ${command}\`: ${next}`, suggestions})
  }
  const verbs = visible
    .filter((id) => !config.findCommand(id)?.aliases.includes(id))
    .map((id) => id.split(':'))
    .flatMap((words) => (startsWith(words, meant) ? (words[meant.length] ?? []) : []))
  const [same] = sameVerbs(next, verbs)
  const nearest = same === undefined ? undefined : `${command} ${same}`
  throw failure('COMMAND_UNKNOWN', {command: `${command} ${next}`, nearest, topic: command})
}

function flagUnknown(typed: string) {
  const word = typed.replace(/=.*/s, '')
  const mistyped = {word, known: bareFlags}
  return failure('USAGE', {message: `Unknown flag: ${word}`, mistyped, suggestions: ['see `apkg help`']})
}

/** The command words that were probably meant. The remaining words may be arguments. */
async function pathMeantBy(typed: readonly string[], known: readonly (readonly string[])[]): Promise<string[]> {
  const path: string[] = []
  for (const word of typed) {
    const below = known.filter((words) => startsWith(words, path))
    const next = [...new Set(below.flatMap((words) => words[path.length] ?? []))]
    const meant = next.includes(word) ? word : await nearestOf(word, next)
    if (meant === undefined) break
    path.push(meant)
  }
  return path
}

function startsWith(words: readonly string[], path: readonly string[]): boolean {
  return path.every((each, position) => words[position] === each)
}

export default commandNotFound
