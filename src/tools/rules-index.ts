import {isUtf8} from 'node:buffer'
import {lstatSync} from 'node:fs'
import {rm, stat} from 'node:fs/promises'
import path from 'node:path'

import {isAbsent} from '@apkg/command-kit'
import {
  agentsFile,
  agentsMdWith,
  FrontmatterProblem,
  hasBlock,
  parseMarkdown,
  sharedRules,
  toolFormats,
  type IndexedRule,
} from '@apkg/package-format/conversion'

import {writeAtomically} from '../files/replace-file.js'
import type {Staging} from '../project/installation/staging.js'
import {readBounded} from '../files/read-bounded.js'
import {realPathWithin} from '../files/real-path-within.js'
import {UnusableFile} from '../files/unusable-file.js'
import {inspectPath} from './inspect-path.js'
import type {OwnedFile} from './setup-ledger.js'
import type {PartStatus} from './setup-report.js'
import {systemRefusal, tryFileOperation, type FileRefusal} from './try-file-operation.js'

/** Bytes; no agent reads a larger file. */
const maxSize = 1024 * 1024

/** The tools that read rules because AGENTS.md lists them. */
const readers: ReadonlySet<string> = new Set(
  toolFormats.flatMap(({name, rules}) => (typeof rules === 'object' && 'isListed' in rules ? [name] : [])),
)

/** Where earlier versions put the rules of Codex. */
const formerFolder = '.codex/rules/'

/** Whether a file is a rule that a tool only reads if AGENTS.md lists it. */
export function isIndexed({path: file, tools}: Pick<OwnedFile, 'path' | 'tools'>): boolean {
  const isRule = file.startsWith(`${sharedRules}/`) || file.startsWith(formerFolder)
  return isRule && tools.some((tool) => readers.has(tool))
}

/**
 * Updates apkg's block in a project's AGENTS.md. The text around it does not change.
 *
 * @param files paths of rules that apkg wrote; those that no longer exist are not listed.
 * @returns `hasBlock`: whether there is a block now. `status`: what happened to the block; undefined if it didn't change.
 *   `problem`: why the file was not changed.
 */
export async function indexRules(
  project: string,
  staging: Staging,
  files: readonly string[],
): Promise<{hasBlock: boolean; status?: PartStatus; problem?: undefined} | {problem: FileRefusal}> {
  const rules: IndexedRule[] = []
  for (const file of files) {
    if (inspectPath(project, file).kind === 'file') rules.push({path: file, ...(await headOf(project, file))})
  }
  const before = await readAgents(project)
  if ('problem' in before) return before
  const after = agentsMdWith(before.text, rules)
  if (after.problem !== undefined) return {problem: malformed(after.problem)}
  if (after.text === before.text) return {hasBlock: rules.length > 0}
  const problem = await tryFileOperation(() => writeAgents(before.file, staging, after.text))
  if (problem !== undefined) return {problem}
  if (rules.length === 0) return {hasBlock: false, status: 'removed'}
  return {hasBlock: true, status: hasBlock(before.text) ? 'updated' : 'created'}
}

async function headOf(project: string, file: string): Promise<Pick<IndexedRule, 'title' | 'globs'>> {
  const text = (await readBounded(path.join(project, file), maxSize)).toString('utf8')
  const {description, globs} = fieldsIn(text)
  return {
    title: typeof description === 'string' ? description : path.posix.basename(file, '.md'),
    ...(typeof globs === 'string' && {globs}),
  }
}

/** Empty if the user has edited the file so that its frontmatter can't be read. */
function fieldsIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return parseMarkdown(text).frontmatter ?? {}
  } catch (error) {
    if (error instanceof FrontmatterProblem) return {}
    throw error
  }
}

/** AGENTS.md, or its target if it is a link; `text` is undefined if it does not exist. `problem`: why it was not read. */
async function readAgents(project: string): Promise<{file: string; text: string | undefined} | {problem: FileRefusal}> {
  const file = path.join(project, agentsFile)
  try {
    const target = await realPathWithin(project, file)
    const bytes = await readBounded(target, maxSize)
    return isUtf8(bytes) ? {file: target, text: bytes.toString('utf8')} : {problem: malformed('it is not UTF-8')}
  } catch (error) {
    if (error instanceof UnusableFile) return {problem: malformed(error.message)}
    if (!isAbsent(error)) return {problem: systemRefusal(error)}
    const isLink = lstatSync(file, {throwIfNoEntry: false}) !== undefined
    return isLink ? {problem: malformed('it is a broken link')} : {file, text: undefined}
  }
}

function malformed(reason: string): FileRefusal {
  return {kind: 'malformed', reason}
}

/** Writes atomically and keeps the mode. */
async function writeAgents(file: string, staging: Staging, text: string | undefined): Promise<void> {
  if (text === undefined) return rm(file)
  const before = await stat(file).catch(() => undefined)
  await writeAtomically(file, text, {temporary: staging.nextPath(), mode: before && before.mode & 0o777})
}
