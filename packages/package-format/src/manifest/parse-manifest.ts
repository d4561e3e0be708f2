import {isJsonObject} from '@apkg/wire'

import {isPackageName} from '../package-name.js'
import {parseJson} from '../parse-json.js'
import type {Author, Manifest} from './manifest.js'

/** Why a text isn't a valid manifest. The message completes "apkg.json is invalid: …". */
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

export interface ParsedManifest {
  manifest: Manifest
  /** One sentence per unknown field. */
  warnings: string[]
}

const knownFields = new Set([
  ...['name', 'version', 'type', 'description', 'license', 'visibility', 'keywords', 'authors', 'readme'],
  ...['repository', 'homepage', 'origin', 'targets', 'tools', 'files', 'dependencies', 'main', 'skill', 'agent'],
  'registries',
])

/**
 * Parses a manifest leniently: only `name`, `version` and `type` are required, and unknown fields cause warnings. Use
 * `publishProblems` to check what a registry requires.
 *
 * @throws {ManifestProblem} if the text isn't a JSON object, or a field has the wrong type
 */
export function parseManifest(text: string): ParsedManifest {
  const fields = parseObject(text)
  const manifest: Manifest = {
    name: requiredString(fields, 'name'),
    version: requiredString(fields, 'version'),
    type: requiredString(fields, 'type'),
    description: optionalString(fields, 'description') ?? '',
    license: optionalString(fields, 'license') ?? 'MIT',
    visibility: visibilityOf(fields),
    keywords: optionalStrings(fields, 'keywords') ?? [],
    authors: authorsOf(fields),
    dependencies: dependenciesOf(fields),
  }
  for (const field of ['readme', 'repository', 'homepage', 'origin'] as const) {
    const value = optionalString(fields, field)
    if (value !== undefined) manifest[field] = value
  }
  for (const field of ['targets', 'tools', 'files'] as const) {
    const names = optionalStrings(fields, field)
    if (names) manifest[field] = names
  }
  if (fields['registries'] !== undefined) manifest.registries = fields['registries']
  const unknown = Object.keys(fields).filter((field) => !knownFields.has(field))
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

function requiredString(fields: Fields, field: string): string {
  const value = optionalString(fields, field)
  if (value === undefined || value === '') throw new ManifestProblem(field, `\`${field}\` is missing`)
  return value
}

/** Null is treated as absent, because some tools write it. */
function optionalString(fields: Fields, field: string): string | undefined {
  const value = fields[field] ?? undefined
  if (value === undefined || typeof value === 'string') return value
  throw new ManifestProblem(field, `\`${field}\` must be a string`)
}

function optionalStrings(fields: Fields, field: string): string[] | undefined {
  const value = fields[field] ?? undefined
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
  throw new ManifestProblem(field, `\`${field}\` must be an array of strings`)
}

function visibilityOf(fields: Fields): 'public' | 'private' {
  const value = optionalString(fields, 'visibility') ?? 'public'
  if (value === 'public' || value === 'private') return value
  throw new ManifestProblem('visibility', '`visibility` must be `public` or `private`')
}

function authorsOf(fields: Fields): Author[] {
  const value = fields['authors'] ?? []
  if (!Array.isArray(value)) throw new ManifestProblem('authors', '`authors` must be an array')
  return value.map((each: unknown) => {
    if (typeof each === 'string') return {name: each}
    if (!isJsonObject(each) || typeof each['name'] !== 'string') {
      throw new ManifestProblem('authors', 'every entry of `authors` must have a `name`')
    }
    return {name: each['name'], ...(typeof each['email'] === 'string' && {email: each['email']})}
  })
}

/** Names of dependencies become parts of paths and URLs, so invalid ones are rejected even here. */
function dependenciesOf(fields: Fields): Record<string, string> {
  const value = fields['dependencies'] ?? {}
  if (!isJsonObject(value))
    throw new ManifestProblem('dependencies', '`dependencies` must be an object that maps package names to ranges')
  const entries = Object.entries(value).map(([name, range]): [string, string] => {
    if (!isPackageName(name)) throw new ManifestProblem('dependencies', `\`${name}\` is not a valid package name`)
    if (typeof range !== 'string')
      throw new ManifestProblem('dependencies', `the range of \`${name}\` must be a string`)
    return [name, range]
  })
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
