import {hasCode} from '@apkg/command-kit'

import type {SetupCheck} from '../../../tools/check-setup.js'
import type {DuplicateSkill} from '../../../tools/duplicates.js'
import {toolTraits, type ToolName} from '../../../tools/tool-traits.js'
import type {Check} from '../check.js'
import {ok, skipped, warning, type Finding} from '../finding.js'

/** Checks that tools load the packages of the project in the current directory. */
export const setupCheck: Check = {
  name: 'setup',
  title: 'Tools',
  async run({home, project, pluginTools}) {
    const {checkSetup} = await import('../../../tools/check-setup.js')
    const selection = {tools: undefined, none: false}
    try {
      return findingsOf(await checkSetup({project: project(), home, selection, more: await pluginTools()}))
    } catch (error) {
      if (hasCode(error, 'MANIFEST_NOT_FOUND')) return [skipped('not checked: not in a project')]
      throw error
    }
  },
}

function findingsOf({packages, duplicates, limitations}: SetupCheck): Finding[] {
  const failing = new Set(packages.filter(({state}) => state === 'fails').map((each) => each.package))
  const loading =
    failing.size === 0
      ? ok(packages.length === 0 ? 'no packages to check' : 'no problems with the packages of this project')
      : warning(`not loaded: ${[...failing].join(', ')}`, 'run `apkg setup --check`')
  return [loading, ...limitations.map((text) => ok(text)), ...duplicates.map(repeated)]
}

function repeated({package: name, tool, files}: DuplicateSkill): Finding {
  const title = Object.hasOwn(toolTraits, tool) ? toolTraits[tool as ToolName].title : tool
  return ok(`${title} finds ${name} ${files.length === 2 ? 'twice' : `${files.length} times`}: ${files.join(', ')}`)
}
