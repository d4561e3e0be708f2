import {environmentSource, selectObservers, selectSources, storedSource} from '@apkg/command-kit'
import type {Hook} from '@oclif/core'

import {askPlugins} from '../entry/plugins/ask-plugins.js'
import {credentials, gather, requests} from '../entry/plugins/extension-points.js'
import {warnOfKit} from '../entry/plugins/kit-of-command.js'
import {reportLostOutput} from '../entry/report-failure.js'

/**
 * Selects, before a command runs, where its credential may come from: `APKG_TOKEN`, then what `apkg login` stored, then
 * what plugins offer, by the plugins' names and never by who answers first. Also who is told of its requests.
 *
 * It reads no secret, opens no connection, asks nothing and never fails: oclif swallows a hook's plain errors, and those
 * that it lets through bypass `--json`. A missing credential is the command's to report. The command is known by its
 * shape, since a plugin's commands extend the plugin's own copy of the base class.
 */
const prerun: Hook.Prerun = async function ({Command, argv, config}) {
  reportLostOutput(argv.includes('--json'))
  if (Command.id !== 'complete') await askPlugins(config, 'prerun', {Command, argv})
  await warnOfKit(Command)
  if (!('auth' in Command)) return
  selectObservers(Command, await gather(config, requests))
  if (Command.auth === 'none') return
  selectSources(Command, [environmentSource, storedSource, ...(await gather(config, credentials))])
}

export default prerun
