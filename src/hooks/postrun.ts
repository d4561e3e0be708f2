import {processPorts, type Ports} from '@apkg/command-kit'
import type {Hook} from '@oclif/core'

import {askPlugins} from '../entry/plugins/ask-plugins.js'

/** Commands that report updates themselves or are run by shells. */
const quietCommands = new Set(['check-update', 'complete', 'completions', 'doctor'])

/** Shows that a newer apkg is available, on a terminal only. It never fails and never waits for the network. */
const postrun: Hook.Postrun = async function ({Command, argv, result, config}) {
  if (Command.id !== 'complete') await askPlugins(config, 'postrun', {Command, argv, result: result as unknown})
  if (quietCommands.has(Command.id) || argv.includes('--json') || argv.includes('--offline')) return
  if (!canNotify(processPorts)) return
  try {
    const {updateNotice} = await import('../machine/self-update/update-notice.js')
    const {env, home, now, stderr} = processPorts
    const notice = await updateNotice({installed: config.version, root: config.root, env, home, now: now()})
    if (notice === undefined) return
    const {updateNoticeText} = await import('../views/machine/update-check.js')
    await stderr.write(updateNoticeText(notice))
  } catch {
    // The next run tries again.
  }
}

/** Whether there is a terminal and the notice isn't turned off. Build servers set `CI`, `BUILD_NUMBER` or `RUN_ID`. */
function canNotify({stdout, stderr, env}: Pick<Ports, 'stdout' | 'stderr' | 'env'>): boolean {
  if (!stdout.isTerminal || !stderr.isTerminal) return false
  const off = ['APKG_NO_UPDATE_NOTIFIER', 'APKG_OFFLINE', 'CI', 'BUILD_NUMBER', 'RUN_ID']
  return off.every((name) => !env[name])
}

export default postrun
