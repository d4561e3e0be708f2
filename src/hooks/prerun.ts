import {
  environmentSources,
  selectObservers,
  selectSources,
  storedSource,
  trustedPublishingSource,
  type Ports,
} from '@apkg/command-kit'
import type {Hook} from '@oclif/core'

import {askPlugins} from '../entry/plugins/ask-plugins.js'
import {credentials, gather, requests} from '../entry/plugins/extension-points.js'
import {warnAboutKit} from '../entry/plugins/warn-about-kit.js'
import {reportLostOutput} from '../entry/report-uncaught.js'

/**
 * Selects a command's credential sources before it runs: the variables that supply a token, trusted publishing, the stored
 * logins, then those of plugins, sorted by plugin name. Also selects the observers of its requests.
 *
 * It reads no secrets, opens no connections and never fails, because oclif swallows some errors of hooks and lets others
 * bypass `--json`. The command itself reports a missing credential. Commands are recognized by shape, because a plugin's
 * commands extend the plugin's own copy of the base class.
 */
const prerun: Hook.Prerun = async function ({Command, argv, config}) {
  reportLostOutput(argv.includes('--json'))
  if (Command.id !== 'complete') await askPlugins(config, 'prerun', {Command, argv})
  if (argv.includes('--json') && isOfPlugins(Command.id)) throwErrors(Command)
  await warnAboutKit(Command)
  if (!('auth' in Command)) return
  selectObservers(Command, await gather(config, requests))
  if (Command.auth === 'none') return
  const trustedPublishing = trustedPublishingSource(() => packageOf(Command))
  selectSources(Command, [
    ...environmentSources,
    trustedPublishing,
    storedSource,
    ...(await gather(config, credentials)),
  ])
}

/** The package of the current project, when a source needs it. */
async function packageOf(Command: object): Promise<string | undefined> {
  if (!('ports' in Command)) return undefined
  const {packageOfProject} = await import('../project/package-of-project.js')
  return packageOfProject(Command.ports as Ports)
}

function isOfPlugins(id: string): boolean {
  return id === 'plugins' || id.startsWith('plugins:')
}

/** Lets `main` report the errors of a command. Under `--json`, oclif's own commands print them in another shape. */
function throwErrors({prototype}: {prototype: object}): void {
  Object.assign(prototype, {catch: (error: Error) => Promise.reject(error)})
}

export default prerun
