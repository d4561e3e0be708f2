import {readdir} from 'node:fs/promises'
import path from 'node:path'

import {
  FrontmatterProblem,
  parseMarkdown,
  textOf,
  type PackageFile,
  type SetUpType,
} from '@apkg/package-format/conversion'

import {readBounded} from '../../files/read-bounded.js'

/** What a directory already defines. */
export interface FoundDefinition {
  type: SetUpType
  /** The name in its frontmatter. Undefined if it has none, or if there are several definitions. */
  name: string | undefined
  /** One line; empty if unknown. */
  description: string
}

/** Bytes. Longer files aren't written by hand. */
const maxSize = 1024 * 1024

/** Where definitions of each type are. */
const places: readonly (readonly [SetUpType, RegExp])[] = [
  ['skill', /^SKILL\.md$/i],
  ['skill', /^skills\/[^/]+\/SKILL\.md$/],
  ['agent', /^agents\/[^/]+\.md$/i],
  ['command', /^commands\/[^/]+\.md$/i],
  ['rule', /^rules\/[^/]+\.mdc?$/i],
  ['rule', /^[^/]+\.mdc$/i],
]

/** Finds the skill, agent, command or rule in a directory; undefined if there is none. */
export async function findDefinition(folder: string): Promise<FoundDefinition | undefined> {
  const files = await filesIn(folder)
  for (const [type, pattern] of places) {
    const matching = files.filter((file) => pattern.test(file) && !/^(?:.*\/)?readme\./i.test(file))
    const [first, ...others] = matching
    if (first === undefined) continue
    const fields = others.length === 0 ? await frontmatterOf(folder, first) : {}
    return {type, name: textIn(fields['name']), description: textIn(fields['description'])?.slice(0, 1024) ?? ''}
  }
  return undefined
}

/** The files at the top, and up to two directories below, where definitions are. */
async function filesIn(folder: string): Promise<string[]> {
  const list = (below: string) => readdir(path.join(folder, below), {withFileTypes: true}).catch(() => [])
  const files: string[] = []
  for (const entry of await list('')) if (entry.isFile()) files.push(entry.name)
  for (const below of ['agents', 'commands', 'rules']) {
    for (const entry of await list(below)) if (entry.isFile()) files.push(`${below}/${entry.name}`)
  }
  for (const entry of await list('skills')) {
    if (!entry.isDirectory()) continue
    for (const file of await list(`skills/${entry.name}`)) files.push(`skills/${entry.name}/${file.name}`)
  }
  return files.sort()
}

async function frontmatterOf(folder: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const content = await readBounded(path.join(folder, file), maxSize)
    const read: PackageFile = {path: file, content, isExecutable: false}
    return parseMarkdown(textOf(read)).frontmatter ?? {}
  } catch (error) {
    // `apkg lint` reports it.
    if (error instanceof FrontmatterProblem) return {}
    throw error
  }
}

/** On one line; undefined for anything but text. */
function textIn(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.replaceAll(/\s+/g, ' ').trim() : ''
  return text === '' ? undefined : text
}
