import {isJsonObject} from '@apkg/wire'

import {isPackageName} from '../package-name.js'
import {parseJson} from '../parse-json.js'
import type {Author, Manifest} from './manifest.js'

/** Why a text is no manifest. The message is a sentence about it that names the field. */
export class ManifestProblem extends Error {
  constructor(
    readonly field: string | undefined,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'ManifestProblem'
  }
}

export interface ReadManifest {
  manifest: Manifest
  /** A sentence for each thing that was not understood and is left as it is. */
  warnings: string[]
}

const known = new Set([
  ...['name', 'version', 'type', 'description', 'license', 'visibility', 'keywords', 'authors', 'readme'],
  ...['repository', 'homepage', 'origin', 'targets', 'dependencies', 'main', 'skill', 'agent'],
])

/**
 * Reads a manifest leniently: only `name`, `version` and `type` are required, and unknown fields are warned about.
 * `publishProblems` is the strict counterpart.
 *
 * @throws ManifestProblem where it is no JSON object, or a field does not have its shape.
 */
export function parseManifest(text: string): ReadManifest {
  const fields = parseObject(text)
  const manifest: Manifest = {
    name: requiredText(fields, 'name'),
    version: requiredText(fields, 'version'),
    type: requiredText(fields, 'type'),
    description: optionalText(fields, 'description') ?? '',
    license: optionalText(fields, 'license') ?? 'MIT',
    visibility: visibilityOf(fields),
    keywords: texts(fields, 'keywords') ?? [],
    authors: authorsOf(fields),
    dependencies: dependenciesOf(fields),
  }
  for (const field of ['readme', 'repository', 'homepage', 'origin'] as const) {
    const value = optionalText(fields, field)
    if (value !== undefined) manifest[field] = value
  }
  const targets = texts(fields, 'targets')
  if (targets) manifest.targets = targets
  const unknown = Object.keys(fields).filter((field) => !known.has(field))
  return {manifest, warnings: unknown.map((field) => `\`${field}\` is not a field of apkg.json`)}
}

type Fields = Record<string, unknown>

function parseObject(text: string): Fields {
  let value: unknown
  try {
    value = parseJson(text)
  } catch (error) {
    throw new ManifestProblem(undefined, 'it is not JSON', {cause: error})
  }
  if (!isJsonObject(value)) throw new ManifestProblem(undefined, 'it is not a JSON object')
  return value
}

function requiredText(fields: Fields, field: string): string {
  const value = optionalText(fields, field)
  if (value === undefined || value === '') throw new ManifestProblem(field, `\`${field}\` is missing`)
  return value
}

/** Null is taken for absent: some writers put it there. */
function optionalText(fields: Fields, field: string): string | undefined {
  const value = fields[field] ?? undefined
  if (value === undefined || typeof value === 'string') return value
  throw new ManifestProblem(field, `\`${field}\` must be a text`)
}

function texts(fields: Fields, field: string): string[] | undefined {
  const value = fields[field] ?? undefined
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
  throw new ManifestProblem(field, `\`${field}\` must be a list of texts`)
}

function visibilityOf(fields: Fields): 'public' | 'private' {
  const value = optionalText(fields, 'visibility') ?? 'public'
  if (value === 'public' || value === 'private') return value
  throw new ManifestProblem('visibility', '`visibility` must be `public` or `private`')
}

function authorsOf(fields: Fields): Author[] {
  const value = fields['authors'] ?? []
  if (!Array.isArray(value)) throw new ManifestProblem('authors', '`authors` must be a list')
  return value.map((each: unknown) => {
    if (typeof each === 'string') return {name: each}
    if (!isJsonObject(each) || typeof each['name'] !== 'string') {
      throw new ManifestProblem('authors', 'each of `authors` must have a `name`')
    }
    return {name: each['name'], ...(typeof each['email'] === 'string' && {email: each['email']})}
  })
}

/** Names become folders and addresses, so here even the lenient reader refuses. */
function dependenciesOf(fields: Fields): Record<string, string> {
  const value = fields['dependencies'] ?? {}
  if (!isJsonObject(value))
    throw new ManifestProblem('dependencies', '`dependencies` must be an object of ranges by name')
  const entries = Object.entries(value).map(([name, range]): [string, string] => {
    if (!isPackageName(name)) throw new ManifestProblem('dependencies', `\`${name}\` is not the name of a package`)
    if (typeof range !== 'string') throw new ManifestProblem('dependencies', `the range of \`${name}\` must be a text`)
    return [name, range]
  })
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
