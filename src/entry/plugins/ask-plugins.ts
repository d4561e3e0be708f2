import {existsSync} from 'node:fs'
import path from 'node:path'

import {processPorts} from '@apkg/command-kit'
import {Errors, getLogger, ModuleLoader, type Interfaces} from '@oclif/core'

import {inBounds} from './in-bounds.js'
import {inTime} from './patience.js'
import {reasonOf, warnOf} from './trouble.js'
import {UserPlugin} from './user-plugin.js'

type HookFunction = (options: object) => unknown

/**
 * Asks the user's plugins that have a hook on an event, all at once. One that throws, hangs or cannot be loaded is warned
 * about and left out; the others' answers come in the order of the plugins' names, never in that of their speed.
 *
 * oclif's own `runHook` loads a hook without a limit of time, and lets some errors out past `--json`.
 */
export async function askPlugins(
  config: Interfaces.Config,
  event: string,
  options: object = {},
): Promise<{plugin: UserPlugin; answer: unknown}[]> {
  const plugins = config.getPluginsList().filter((plugin) => plugin instanceof UserPlugin)
  const asked = plugins.flatMap((plugin) => plugin.hooksOn(event).map((hook) => ({plugin, hook})))
  const answers = asked.map(async ({plugin, hook}) => {
    try {
      const answer = await inTime(() =>
        inBounds(plugin, async () => {
          const call = await load(plugin, hook)
          return call.call(contextOf(plugin, config), {...options, config})
        }),
      )
      return [{plugin, answer}]
    } catch (error) {
      // The command that has just run may have been the one that uninstalls it.
      if (existsSync(plugin.root)) await warnOf(plugin, `failed in its hook \`${event}\`: ${reasonOf(error)}`)
      return []
    }
  })
  return (await Promise.all(answers)).flat().sort((one, other) => (one.plugin.name < other.plugin.name ? -1 : 1))
}

/** The function of a hook, found where oclif finds it: the export that is named, else the first one that is a function. */
async function load(
  plugin: UserPlugin,
  {target, identifier}: {target: string; identifier: string},
): Promise<HookFunction> {
  const module = await ModuleLoader.load<object>(plugin, path.join(plugin.root, target))
  const {[identifier]: named, ...others} = module as Record<string, unknown>
  const found = [named, module, ...Object.values(others)].find((each) => typeof each === 'function')
  if (!found) throw new Error(`${target} exports no function`)
  return found as HookFunction
}

/** What a hook finds as `this`, as from oclif; but what it logs is talk, since stdout is the command's. */
function contextOf(plugin: UserPlugin, config: Interfaces.Config) {
  const {debug} = getLogger(`${plugin.name}:hooks`)
  return {
    config,
    debug,
    error: Errors.error,
    exit: Errors.exit,
    warn: Errors.warn,
    log: (message: unknown) => void processPorts.stderr.write(`${String(message)}\n`),
  }
}
