import {printable} from '@apkg/command-kit'

import type {LeftFile} from '../../tools/write-tool-files.js'
import type {Preapproval} from '../../tools/plan-setup.js'
import type {SetupReport} from '../../tools/setup-report.js'
import {toolTraits, type ToolName} from '../../tools/tool-traits.js'
import {grouped} from '../grouped.js'
import {listed} from '../listed.js'

/** What the user should act on after tools were set up, a sentence each. */
export function setupWarnings({
  left,
  preapproved,
  problem,
}: Pick<SetupReport, 'left' | 'preapproved' | 'problem'>): string[] {
  const alike = grouped(left, ({package: name, reason, isOrphan}) => JSON.stringify([name, reason, isOrphan]))
  const skipped = `Tool setup skipped: ${problem ?? ''}. The packages are installed: run \`apkg setup\` when that is mended`
  return [
    ...preapproved.map(preapprovalWarning),
    ...alike.map(leftWarning),
    ...(problem === undefined ? [] : [skipped]),
  ].map(printable)
}

/** All of it: what is cut short could be what matters. */
function preapprovalWarning({package: name, tool, allows, path}: Preapproval): string {
  return `${name} lets ${titleOf(tool)} use ${allows.join(', ')} without asking; see ${path}`
}

function leftWarning([first, ...others]: readonly [LeftFile, ...LeftFile[]]): string {
  const {package: name, reason, isOrphan} = first
  const left = `Left ${listed([first, ...others].map(({path}) => path))}: ${reason}`
  if (first.path.startsWith('apkg_packages/')) return `${left}. Run \`apkg install\``
  return isOrphan
    ? `${left}. ${name} does not need it any more: delete it if you do not either`
    : `${left}. To get what ${name} has instead, move it away and run \`apkg setup\``
}

/** What is said of the setup of tools beside its result; nothing where nothing was to be done. */
export function setupNotes({tools, written, removed, left, transitive, unsupported}: SetupReport): string[] {
  const hasWorked = written.length + removed.length + left.length > 0
  return [
    ...(hasWorked && tools.length > 0 ? [`Detected tools: ${tools.map(titleOf).join(', ')}`] : []),
    ...grouped(unsupported, ({reason}) => reason).map(
      (alike) => `Not set up: ${listed(alike.map(({package: name}) => name))}, since ${alike[0].reason}`,
    ),
    ...(transitive.length > 0
      ? [
          `Set up for packages that came along with others: ${listed(transitive)}. ` +
            'To leave such packages out, run `apkg trust set setupTransitive false`',
        ]
      : []),
  ].map(printable)
}

/** What is said of a setup that was asked for. */
export function repairNotes(report: SetupReport): string[] {
  const {tools, written, removed, left} = report
  if (tools.length === 0 && removed.length === 0) {
    const folders = Object.values(toolTraits).map(({folder}) => folder)
    return [`No tool is detected here: there is none of ${folders.join(', ')}. Name one with --setup.`]
  }
  const isAsBefore = written.length + removed.length + left.length === 0
  return [...setupNotes(report), ...(isAsBefore ? ['Tools have what the packages bring.'] : [])]
}

/** The files of tools that were written or removed, a line each. */
export function setupLines({written, removed}: Pick<SetupReport, 'written' | 'removed'>): string {
  return [
    ...written.map(({path, status}) => `${status === 'created' ? 'Created' : 'Updated'}: ${path}`),
    ...removed.map((path) => `Deleted: ${path}`),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('')
}

/** A plugin's tool has its name only. */
export function titleOf(tool: string): string {
  return Object.hasOwn(toolTraits, tool) ? toolTraits[tool as ToolName].title : tool
}
