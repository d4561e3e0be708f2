import {hasCode} from '@apkg/command-kit'

import type {SetupCheck} from '../../../tools/check-setup.js'
import {duplicateSentences} from '../../../tools/duplicates.js'
import type {Check} from '../check.js'
import {ok, skipped, warning, type Finding} from '../finding.js'

/** Checks that tools load the packages of the project in the current directory. */
export const setupCheck: Check = {
  name: 'setup',
  title: 'Tools',
  async run({env, home, project, pluginTools}) {
    const {checkSetup} = await import('../../../tools/check-setup.js')
    const {linkedPackageReader} = await import('../../../publish/packing/read-linked.js')
    const options = {home, selection: {tools: undefined, none: false}, readLinked: linkedPackageReader({env, home})}
    try {
      return findingsOf(await checkSetup({project: project(), ...options, more: await pluginTools()}))
    } catch (error) {
      if (hasCode(error, 'MANIFEST_NOT_FOUND')) return [skipped('not checked: not in a project')]
      throw error
    }
  },
}

function findingsOf({packages, duplicates, limitations}: SetupCheck): Finding[] {
  const failing = new Set(packages.filter(({state}) => state === 'fails').map((each) => each.package))
  const loading =
    packages.length === 0
      ? skipped('not checked: the project has no packages')
      : failing.size === 0
        ? ok('no problems with the packages of this project')
        : warning(`not loaded: ${[...failing].join(', ')}`, 'run `apkg setup --check`')
  return [loading, ...limitations.map((text) => skipped(text)), ...duplicateSentences(duplicates).map(ok)]
}
