import {processPorts} from '@apkg/command-kit'
import type {Hook} from '@oclif/core'

import {askPlugins} from '../entry/plugins/ask-plugins.js'
import {isSecretVariable} from '@apkg/command-kit/secret-variables'

/** Runs when the user presses Tab, who shouldn't have to wait for plugins. */
const completing = 'complete'

const init: Hook.Init = async function ({id = '', argv, config}) {
  if (id === 'plugins' || id.startsWith('plugins:')) removeSecrets(processPorts.env)
  if (id !== completing) await askPlugins(config, 'init', {id, argv})
  const subject = helpSubject(id, argv)
  if (subject === undefined || config.findCommand(subject) || config.findTopic(subject)) return
  await config.runHook('command_not_found', {id: subject, argv})
}

/**
 * `apkg plugins …` runs npm, which runs install scripts. They must not inherit tokens or passphrases, and oclif passes on
 * the complete environment.
 */
function removeSecrets(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(env)) {
    if (isSecretVariable(name)) Reflect.deleteProperty(env, name)
  }
}

const helpFlags = ['--help', '-h']

/** The command or topic for which help is requested. oclif suggests no similar one if it doesn't exist. */
function helpSubject(id: string, argv: readonly string[]): string | undefined {
  if (helpFlags.includes(id)) return argv[0]?.startsWith('-') === false ? argv[0] : undefined
  if (id.startsWith('-')) return undefined
  const words = argv.filter((each) => !each.startsWith('-'))
  if (id === 'help') return words.length > 0 ? words.join(':') : undefined
  return helpFlags.some((flag) => argv.includes(flag)) ? id : undefined
}

export default init
