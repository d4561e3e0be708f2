import type {Check} from '../check.js'
import {ok, skipped, warning} from '../finding.js'

/** In milliseconds. MFA codes can fail beyond it. */
const tolerance = 30_000

export const clockCheck: Check = {
  name: 'clock',
  title: 'Clock',
  async run({offline, probe}) {
    if (offline) return [skipped('not checked while offline')]
    const answer = await probe().catch(() => undefined)
    if (!answer) return [skipped('not checked: the registry is not responding')]
    const {ahead} = answer
    if (ahead === undefined) return [skipped('not checked: the registry does not report its time')]
    if (Math.abs(ahead) <= tolerance) return [ok('in sync with the registry')]
    const seconds = Math.round(Math.abs(ahead) / 1000)
    const message = `${seconds} seconds ${ahead > 0 ? 'ahead of' : 'behind'} the registry, so MFA codes can fail`
    return [warning(message, 'turn on automatic time synchronization')]
  },
}
