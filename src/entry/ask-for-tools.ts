import {isApkgError, isInteractive, type Ports} from '@apkg/command-kit'
import {knownTools} from '@apkg/package-format'

import type {SetupOptions} from '../tools/set-up.js'
import type {ToolSelection} from '../tools/choose-tools.js'
import {lacksTools} from '../tools/lacks-tools.js'
import {rememberTools} from '../tools/remember-tools.js'
import {sharedTool, toolTraits} from '../tools/tool-traits.js'
import {isCi} from './is-ci.js'

/** The tools that the user chose. */
export interface AskedTools {
  selection: ToolSelection
  /** Where the answer was saved, one sentence. */
  note?: string
  /** Why the answer was not saved, one sentence. */
  warning?: string
}

/**
 * Asks which tools to set up if none was chosen or detected, and saves the answer in the project's `apkg.json`, so that
 * it asks only once. It never asks without a terminal or in CI.
 */
export async function askForTools(
  options: Pick<SetupOptions, 'project' | 'home' | 'selection' | 'more'>,
  ports: Pick<Ports, 'stdin' | 'stderr' | 'prompts' | 'env'>,
): Promise<AskedTools> {
  const {project, selection, more = []} = options
  if (!isInteractive(ports) || isCi(ports.env) || !(await lacksTools(options))) return {selection}
  const tools = [...knownTools.map((name) => ({name, title: toolTraits[name].title})), ...more]
  const answer = await ports.prompts.choose<string | null>({
    message: 'Which tools do you use in this project?',
    choices: [
      ...tools.map(({name, title}) => ({name: title, value: name})),
      {name: `Other tools that read ${sharedTool.title}`, value: sharedTool.name},
      {name: 'None', value: null},
    ],
    required: true,
  })
  const names = answer.filter((name) => name !== null)
  try {
    await rememberTools(project, names)
    return {selection, note: 'Saved your choice to `tools` in apkg.json'}
  } catch (error) {
    if (!isApkgError(error)) throw error
    return {selection: {tools: names, none: false}, warning: `Your choice was not saved: ${error.message}`}
  }
}
