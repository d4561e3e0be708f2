import {globalFlags, nearestOf} from '@apkg/command-kit'
import type {Hook} from '@oclif/core'

import {failure} from '../entry/failures.js'
import {askPlugins} from '../entry/plugins/ask-plugins.js'

/** Our plugins, by the topic that each brings: it is documented beside the commands that are there. */
const ownPlugins = new Map([['registry', '@apkg/plugin-registry']])

/** Flags that mean something without a command. */
const bareFlags = ['--help', '--version', ...Object.keys(globalFlags).map((name) => `--${name}`)]

/**
 * Refuses an unknown command with exit code 2 and names the nearest one. oclif's own plugin for this asks on a terminal,
 * exits 127 and knows no `--json`.
 */
const commandNotFound: Hook.CommandNotFound = async function ({id, argv = [], config}) {
  await askPlugins(config, 'command_not_found', {id, argv})
  if (id.startsWith('-') && id !== '--') throw flagUnknown(id)
  const typed = id.split(':')
  const [topic = ''] = typed
  const plugin = ownPlugins.get(topic)
  if (plugin && !config.findTopic(topic)) throw failure('COMMAND_UNKNOWN', {command: typed.join(' '), plugin})
  const known = config.commandIDs.filter((each) => !config.findCommand(each)?.hidden).map((each) => each.split(':'))
  const meant = await pathMeantBy(typed, known)
  const command = typed.slice(0, Math.max(meant.length, 1)).join(' ')
  if (meant.length === 0 || command !== meant.join(' '))
    throw failure('COMMAND_UNKNOWN', {command, nearest: meant.join(' ') || undefined})
  const next = typed[meant.length] ?? ''
  if (config.findCommand(meant.join(':'))) {
    const suggestions = [`see \`apkg help ${command}\``]
    throw failure('USAGE', {message: `\`apkg ${command}\` takes no argument \`${next}\``, suggestions})
  }
  throw failure('COMMAND_UNKNOWN', {command: `${command} ${next}`, topic: command})
}

function flagUnknown(typed: string) {
  const word = typed.replace(/=.*/s, '')
  const mistyped = {word, known: bareFlags}
  return failure('USAGE', {message: `Nonexistent flag: ${word}`, mistyped, suggestions: ['see `apkg help`']})
}

/** The words of commands that were probably meant, as far as they lead; what follows may be arguments. */
async function pathMeantBy(typed: readonly string[], known: readonly (readonly string[])[]): Promise<string[]> {
  const path: string[] = []
  for (const word of typed) {
    const below = known.filter((words) => path.every((each, position) => words[position] === each))
    const next = [...new Set(below.flatMap((words) => words[path.length] ?? []))]
    const meant = next.includes(word) ? word : await nearestOf(word, next)
    if (meant === undefined) break
    path.push(meant)
  }
  return path
}

export default commandNotFound
