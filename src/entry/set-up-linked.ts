import type {Ports} from '@apkg/command-kit'

import {linkedPackageReader} from '../publish/packing/read-linked.js'
import {setUpTools, type SetupOptions} from '../tools/set-up.js'
import type {SetupReport} from '../tools/setup-report.js'
import {setupSummary} from '../views/tools/setup-summary.js'
import {setupLines, setupNotes, setupWarnings} from '../views/tools/tool-setup.js'
import {askForTools, type AskedTools} from './ask-for-tools.js'

/** What was set up, and what to print. */
interface LinkedSetup {
  setup: SetupReport
  notes: string[]
  warnings: string[]
  /** For stdout. */
  lines: string
}

/**
 * Sets up tools for the packages of a project, the linked ones too.
 *
 * @param asks whether to ask which tools to set up, on a terminal.
 * @param isBrief whether a line for each tool is enough.
 */
export async function setUpLinked(
  options: Pick<SetupOptions, 'project' | 'home' | 'selection' | 'more'>,
  {asks, isBrief}: {asks: boolean; isBrief: boolean},
  ports: Ports,
): Promise<LinkedSetup> {
  const {selection, note, warning}: AskedTools = asks ? await askForTools(options, ports) : options
  const setup = await setUpTools({...options, selection, readLinked: linkedPackageReader(ports)})
  return {
    setup,
    notes: [note ?? [], setupNotes(setup), isBrief ? setupSummary(setup) : []].flat(),
    warnings: [warning ?? [], setupWarnings(setup)].flat(),
    lines: isBrief ? '' : setupLines(setup),
  }
}
