import type {Check} from '../check.js'
import {ok, warning} from '../finding.js'

/** Beyond it the codes of a second factor begin to fail. In milliseconds. */
const tolerable = 30_000

export const clockCheck: Check = {
  name: 'clock',
  title: 'Clock',
  async examine({offline, probe}) {
    if (offline) return [ok('not compared while offline')]
    const answer = await probe().catch(() => undefined)
    if (!answer) return [ok('not compared: the registry does not answer')]
    const {ahead} = answer
    if (ahead === undefined) return [ok('not compared: the registry tells no time')]
    if (Math.abs(ahead) <= tolerable) return [ok("as the registry's")]
    const seconds = Math.round(Math.abs(ahead) / 1000)
    const message = `${seconds} seconds ${ahead > 0 ? 'ahead of' : 'behind'} the registry's: codes of a second factor fail, and expiry is misjudged`
    return [warning(message, 'set the clock of this machine by the network')]
  },
}
