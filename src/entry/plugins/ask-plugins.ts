import {existsSync} from 'node:fs'
import path from 'node:path'

import {processPorts} from '@apkg/command-kit'
import {Errors, getLogger, ModuleLoader, type Interfaces} from '@oclif/core'

import {runGuarded} from './run-guarded.js'
import {withTimeout} from './with-timeout.js'
import {errorLine, warnAboutPlugin} from './plugin-warning.js'
import {UserPlugin} from './user-plugin.js'

type HookFunction = (options: object) => unknown

/**
 * Runs the hooks of the user's plugins for an event, concurrently. A hook that throws, hangs or can't be loaded causes a
 * warning. The answers are sorted by plugin name, so they don't depend on speed.
 *
 * oclif's own `runHook` never times out, and some of its errors bypass `--json`.
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
      const answer = await withTimeout(() =>
        runGuarded(plugin, async () => {
          const call = await load(plugin, hook)
          return call.call(contextOf(plugin, config), {...options, config})
        }),
      )
      return [{plugin, answer}]
    } catch (error) {
      // The command may have just uninstalled the plugin.
      if (existsSync(plugin.root)) await warnAboutPlugin(plugin, `failed in its \`${event}\` hook: ${errorLine(error)}`)
      return []
    }
  })
  return (await Promise.all(answers)).flat().sort((a, b) => (a.plugin.name < b.plugin.name ? -1 : 1))
}

/** Finds a hook's function as oclif does: the named export, or else the first one that is a function. */
async function load(
  plugin: UserPlugin,
  {target, identifier}: {target: string; identifier: string},
): Promise<HookFunction> {
  const module = await ModuleLoader.load<object>(plugin, path.join(plugin.root, target))
  const {[identifier]: named, ...others} = module as Record<string, unknown>
  const found = [named, module, ...Object.values(others)].find((each) => typeof each === 'function')
  if (!found) throw new Error(`${target} does not export a function`)
  return found as HookFunction
}

/** A hook's `this`, as oclif provides it. But its log goes to stderr, because stdout belongs to the command. */
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
