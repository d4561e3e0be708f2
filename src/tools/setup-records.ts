import {
  boundedTraits,
  compareTraits,
  findHiddenTexts,
  identityOf,
  misspelledLimits,
  packageTraits,
  placeable,
  type MisspelledLimit,
  type Trait,
} from '@apkg/package-format/conversion'

import type {AdjustedPackage, Preapproval, SetupPlan} from './plan-setup.js'
import type {OwnedFile, SetUpRecord} from './setup-ledger.js'
import type {SetUpPackage} from './tool.js'

/** How a version differs from the one that was set up before. */
export interface PackageChange {
  package: string
  /** The version that was set up before. */
  from: string
  /** The version that is set up now. */
  to: string
  /** Whether the version can do more than before, mentions more hosts or files, or has fewer limits. */
  isWider: boolean
  /** What this version has that the earlier one didn't. */
  added: Trait[]
  /** What the earlier version had that this one doesn't. */
  removed: Trait[]
  /** Scripts and other programs whose content changed. */
  changed: Trait[]
}

/** A misspelled field in a definition of a package. */
export interface MisspelledField extends MisspelledLimit {
  package: string
}

/** Hidden characters in a line of a file that a tool gets. */
export interface HiddenLine {
  package: string
  /** Path within the package. */
  path: string
  /** From 1. */
  line: number
  /** The code points, each once, such as `U+200B`. */
  characters: string[]
}

/** The records of the packages that a plan has files of, by name. */
export function recordsOf(plan: SetupPlan, packages: readonly SetUpPackage[]): Map<string, SetUpRecord> {
  const tools = new Map<string, Set<string>>()
  for (const file of plan.files.values()) {
    const known = tools.get(file.package) ?? new Set()
    for (const tool of file.tools) known.add(tool)
    tools.set(file.package, known)
  }
  const records = packages.flatMap((setUp): SetUpRecord[] => {
    const {name, version} = setUp
    const names = tools.get(name)
    if (!names) return []
    const ofTools = [
      ...plan.preapproved.filter((each) => each.package === name).flatMap(grantTraits),
      ...plan.adjusted.filter((each) => each.package === name).map(adjustmentTrait),
    ]
    return [
      {
        package: name,
        version,
        tools: [...names],
        knowsSources: true,
        traits: boundedTraits([...ofTools, ...packageTraits(setUp)]),
      },
    ]
  })
  return new Map(records.map((each) => [each.package, each]))
}

function grantTraits({tool, definition, allows}: Preapproval): Trait[] {
  return allows.map((value) => ({kind: 'grant', tool, path: definition, line: null, value}))
}

function adjustmentTrait({tool, path, reason}: AdjustedPackage): Trait {
  return {kind: 'adjustment', tool, path, line: null, value: reason}
}

/** What was set up before, as far as it is known. */
export interface EarlierSetup {
  records: readonly SetUpRecord[]
  files: ReadonlyMap<string, Pick<OwnedFile, 'package' | 'version' | 'tools'>>
}

/** What is known about earlier versions. A ledger of an earlier release of apkg lists files, but no traits. */
export function earlierRecords(
  {records, files}: EarlierSetup,
  current: ReadonlyMap<string, SetUpRecord>,
): SetUpRecord[] {
  const isKnown = (name: string) => records.some((each) => each.package === name)
  const unrecorded = new Map<string, SetUpRecord>()
  for (const {package: name, version, tools} of files.values()) {
    if (isKnown(name) || current.get(name)?.version === version) continue
    const known = unrecorded.get(name)?.tools ?? []
    unrecorded.set(name, {package: name, version, tools: [...new Set([...known, ...tools])], traits: []})
  }
  return [...records, ...unrecorded.values()]
}

/** The record of the version that a tool had of a package before. */
export function earlierRecord(
  earlier: readonly SetUpRecord[],
  {package: name, tool}: {package: string; tool: string},
): SetUpRecord | undefined {
  return earlier.find((each) => each.package === name && each.tools.includes(tool))
}

/** How packages differ from the versions that the same tools had before. Packages that don't differ are left out. */
export function changesBetween(
  earlier: readonly SetUpRecord[],
  current: ReadonlyMap<string, SetUpRecord>,
): PackageChange[] {
  return earlier.flatMap((before): PackageChange[] => {
    const after = current.get(before.package)
    const tools = before.tools.filter((tool) => after?.tools.includes(tool))
    if (!after || after.version === before.version || tools.length === 0) return []
    const concerns = ({tool}: Trait) => tool === null || tools.includes(tool)
    const difference = compareTraits(before.traits.filter(concerns), after.traits.filter(concerns), {
      knowsSources: before.knowsSources === true,
    })
    if (difference.added.length + difference.removed.length + difference.changed.length === 0) return []
    return [{package: before.package, from: before.version, to: after.version, ...difference}]
  })
}

/** Whether an adjustment was part of what a tool had before. */
export function isKnownAdjustment(earlier: readonly SetUpRecord[], adjusted: AdjustedPackage): boolean {
  const identity = identityOf(adjustmentTrait(adjusted))
  return earlierRecord(earlier, adjusted)?.traits.some((each) => identityOf(each) === identity) ?? false
}

/** The misspelled limits of packages, which tools ignore. */
export function misspelledFields(packages: readonly SetUpPackage[]): MisspelledField[] {
  return packages.flatMap((setUp) =>
    misspelledLimits(setUp, setUp.files).map((found) => ({package: setUp.name, ...found})),
  )
}

/** The hidden characters in the files of packages that tools get. */
export function hiddenLines(packages: readonly SetUpPackage[]): HiddenLine[] {
  return packages.flatMap((setUp) =>
    findHiddenTexts(placeable(setUp)).map((found) => ({package: setUp.name, ...found})),
  )
}

/**
 * The records to keep: the current ones, and those of tools that were not selected or whose package can't be read now.
 *
 * @param keeps whether the package is still installed or linked. `isUnread`: whether it was not read.
 */
export function recordsAfter(
  before: readonly SetUpRecord[],
  current: ReadonlyMap<string, SetUpRecord>,
  {
    names,
    keeps,
    isUnread,
  }: {names: readonly string[]; keeps: (name: string) => boolean; isUnread: (name: string) => boolean},
): SetUpRecord[] {
  const others = before.flatMap((record) => {
    if (!keeps(record.package)) return []
    const tools = record.tools.filter((tool) => isUnread(record.package) || !names.includes(tool))
    return tools.length === 0 ? [] : [{...record, tools}]
  })
  return [...others, ...current.values()]
}
