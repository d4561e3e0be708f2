import {TransportError} from '@apkg/command-kit'

import type {Check} from '../check.js'
import {ok, problem} from '../finding.js'

export const registryCheck: Check = {
  name: 'registry',
  title: 'Registry',
  async examine({offline, registry, probe}) {
    const url = await registry()
    if (offline) return [ok(`${url}, not asked while offline`)]
    try {
      const {status} = await probe()
      if (status < 500) return [ok(`${url} answers`)]
      return [problem(`${url} answers with status ${status}`, 'try again later, or tell its operator')]
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      return [
        problem(
          `${url} cannot be reached: ${error.reason}`,
          'see that the network is there, and that the URL is right',
        ),
      ]
    }
  },
}
