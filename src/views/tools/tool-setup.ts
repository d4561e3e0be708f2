import {printable, success} from '@apkg/command-kit'

import type {LeftFile, LeftKind} from '../../tools/left-file.js'
import type {AdjustedPackage, Preapproval} from '../../tools/plan-setup.js'
import type {MisspelledField} from '../../tools/setup-records.js'
import type {SetupReport} from '../../tools/setup-report.js'
import {sharedTool, toolTraits} from '../../tools/tool-traits.js'
import {changeWarnings, hiddenWarnings} from './package-changes.js'
import {titleOf, titlesOf} from './tool-title.js'
import {unreadReason} from '../../tools/unread-reason.js'
import {grouped} from '../grouped.js'
import {listed} from '../listed.js'

/** What the user should act on after tools were set up, one sentence each. */
export function setupWarnings({
  left,
  preapproved,
  adjusted,
  changes,
  misspelled,
  hidden,
  unknown,
  nearest,
  problem,
}: Pick<
  SetupReport,
  'left' | 'preapproved' | 'adjusted' | 'changes' | 'misspelled' | 'hidden' | 'unknown' | 'nearest' | 'problem'
>): string[] {
  const alike = grouped(left, ({package: name, kind, reason, isOrphan}) =>
    JSON.stringify([name, kind, reason, isOrphan]),
  )
  const failed = `Tool setup failed: ${problem ?? ''}. The packages are installed; fix this, then run \`apkg setup\``
  return [
    ...changeWarnings(changes),
    ...[
      ...grouped(preapproved, ({package: name, allows}) => JSON.stringify([name, allows])).map(preapprovalWarning),
      ...alikeAdjustments(adjusted).map(adjustmentWarning),
      ...misspelled.map(misspellingWarning),
      ...hiddenWarnings(hidden),
      ...alike.map(leftWarning),
      ...(unknown.length > 0
        ? [`\`tools\` in apkg.json contains unknown tools: ${unknownTools(unknown, nearest)}`]
        : []),
      ...(problem === undefined ? [] : [failed]),
    ].map(printable),
  ]
}

function unknownTools(names: readonly string[], nearest: Readonly<Record<string, string>>): string {
  return names
    .map((name) => (Object.hasOwn(nearest, name) ? `${name} (did you mean \`${nearest[name]}\`?)` : name))
    .join(', ')
}

/** Never abbreviated, because any of the permissions could be the one that matters. */
function preapprovalWarning(alike: readonly [Preapproval, ...Preapproval[]]): string {
  const [{package: name, allows}] = alike
  const paths = [...new Set(alike.map(({path}) => path))]
  return `${name} lets ${titlesOf(alike.map(({tool}) => tool))} use ${allows.join(', ')} without asking; see ${listed(paths)}`
}

/** What several files of a package have in common: for the same tools, they are adjusted for the same reason. */
interface AlikeAdjustments {
  package: string
  paths: string[]
  tools: string[]
  reason: string
}

function alikeAdjustments(adjusted: readonly AdjustedPackage[]): AlikeAdjustments[] {
  const files = grouped(adjusted, ({package: name, path, reason}) => JSON.stringify([name, path, reason])).map(
    (alike) => ({...alike[0], tools: [...new Set(alike.map(({tool}) => tool))]}),
  )
  return grouped(files, ({package: name, reason, tools}) => JSON.stringify([name, reason, tools])).map((alike) => ({
    ...alike[0],
    paths: alike.map(({path}) => path),
  }))
}

function adjustmentWarning({package: name, paths, tools, reason}: AlikeAdjustments): string {
  return `${titlesOf(tools)} ${tools.length > 1 ? 'get' : 'gets'} ${listed(paths)} from ${name} ${reason}`
}

function misspellingWarning({package: name, path, line, field, meant}: MisspelledField): string {
  const place = `${path}${line === null ? '' : `, line ${line}`}`
  return `${name} (${place}): \`${field}\` has no effect, because tools don't read it. Its author may have meant \`${meant}\``
}

function leftWarning([first, ...others]: readonly [LeftFile, ...LeftFile[]]): string {
  const {kind, reason, isOrphan} = first
  const files = `${listed([first, ...others].map(({path}) => path))} (${reason})`
  const them = others.length > 0 ? 'them' : 'it'
  const keeps = isOrphan && ['modified', 'unmanaged', 'obstructed'].includes(kind)
  if (keeps) return `Kept ${files}. Delete ${them} if you no longer need ${them}`
  return `${isOrphan ? 'Kept' : 'Skipped'} ${files}. ${leftAdvice[kind](first, them)}`
}

const again = 'then run `apkg setup`'

/** What to do about files that were left, by the reason. @param them the pronoun for the files. */
const leftAdvice: Readonly<Record<LeftKind, (first: LeftFile, them: string) => string>> = {
  modified: takeFromPackage,
  unmanaged: takeFromPackage,
  obstructed: () => `Move the conflicting file or link, ${again}`,
  conflict: () => 'Only one of the packages can provide it. Remove the other one with `apkg remove`',
  package: (_, them) => `Run \`apkg install\` to restore ${them}`,
  malformed: ({path}) => `Fix ${path}, ${again}`,
  denied: ({path}) => `Check the owner and permissions of ${folderOf(path)}, ${again}`,
  'read-only': ({path}) => `Make ${folderOf(path)} writable, ${again}`,
  full: () => `Free some disk space, ${again}`,
  failed: ({path}) => `Check ${folderOf(path)}, ${again}`,
}

function takeFromPackage({package: name}: LeftFile, them: string): string {
  return `To use the version from ${name}, move ${them} out of the way and run \`apkg setup\``
}

/** The directory of a file, relative to the project. */
function folderOf(file: string): string {
  const end = file.lastIndexOf('/')
  return end === -1 ? 'the project directory' : file.slice(0, end)
}

/** Summarizes the setup of tools; empty if there was nothing to do. */
export function setupNotes(report: SetupReport): string[] {
  const {tools, written, removed, left, transitive, unsupported, unread, overridden, isDetected, isFallback} = report
  const hasWorked = written.length + removed.length + left.length > 0
  return [
    ...(hasWorked && tools.length > 0 && isDetected ? [`Detected tools: ${titlesOf(tools)}`] : []),
    ...(hasWorked && isFallback ? [fallbackNote] : []),
    ...grouped(unsupported, ({reason}) => reason).map(
      (alike) => `Not set up: ${listed([...new Set(alike.map(({package: name}) => name))])} (${alike[0].reason})`,
    ),
    ...grouped(unread, ({type}) => type).map(
      (alike) => `Not set up: ${listed(alike.map(({package: name}) => name))} (${unreadReason(alike[0].type)})`,
    ),
    ...overridden.map(
      ({package: name, tool, targets}) =>
        `${name} is made for ${titlesOf(targets)}. It is set up for ${titleOf(tool)} because of --setup`,
    ),
    ...(transitive.length > 0
      ? [
          `Set up transitive dependencies: ${listed(transitive)}. ` +
            'To set up direct dependencies only, run `apkg trust set setupTransitive false`',
        ]
      : []),
  ].map(printable)
}

const fallbackNote = `No tools detected. Skills go to ${sharedTool.title}, which many tools read. To choose tools, use --setup`

/** Summarizes `apkg setup`. @param planned how many files there should be. */
export function repairNotes(report: SetupReport, planned: number): string[] {
  const {tools, written, removed, projectFiles, left, unsupported, unread} = report
  if (tools.length === 0 && removed.length === 0) {
    return [`No tools selected. Choose one with --setup: ${Object.keys(toolTraits).join(', ')}.`]
  }
  const isUnchanged = written.length + removed.length + projectFiles.length + left.length === 0
  const isNothing = planned === 0 && unsupported.length + unread.length > 0
  return [...setupNotes(report), ...(isUnchanged && !isNothing ? [success('Tool setup is up to date.')] : [])]
}

/** The tool files that were written or removed and other files that changed, a line each. */
export function setupLines({
  written,
  removed,
  projectFiles,
}: Pick<SetupReport, 'written' | 'removed' | 'projectFiles'>): string {
  return [
    ...written.map(({path, status}) => `${status === 'created' ? 'Created' : 'Updated'}: ${path}`),
    ...removed.map((path) => `Deleted: ${path}`),
    ...projectFiles.map(projectFileLine),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('')
}

const partWords = {created: 'Created', updated: 'Updated', removed: 'Deleted'}

function projectFileLine({path, part, status}: SetupReport['projectFiles'][number]): string {
  return `${partWords[status]}: ${part === 'link' ? `${path} → AGENTS.md` : `list of rules in ${path}`}`
}
