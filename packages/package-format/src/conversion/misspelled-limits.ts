import {distance} from 'fastest-levenshtein'

import type {Definition} from './definitions.js'
import {fieldLine} from './field-position.js'
import {nestedSkills} from './nested-skills.js'
import type {PackageFile, SetUpType} from './package-files.js'

/** A misspelled limit of a definition, which tools ignore. */
export interface MisspelledLimit {
  /** Path of the definition in the package. */
  path: string
  /** From 1; null if the line of the field can't be found. */
  line: number | null
  /** The field as its author wrote it. */
  field: string
  /** The field that was probably meant. */
  meant: string
}

const ofSkills = [
  'allowed-tools',
  'disallowed-tools',
  'disable-model-invocation',
  'user-invocable',
  'paths',
  'context',
  'readonly',
  'triggers',
]

/** The fields that limit definitions of a type, as tools spell them. */
const fieldsOf: Readonly<Record<SetUpType, readonly string[]>> = {
  skill: ofSkills,
  command: [...ofSkills, 'tools', 'agent', 'mode', 'subtask'],
  agent: [
    'tools',
    'disallowedTools',
    'disable-model-invocation',
    'user-invocable',
    'readonly',
    'permission',
    'permissionMode',
    'sandbox_mode',
    'excludedTools',
    'toolsSettings',
    'isolation',
    'infer',
    'allowed-tools',
  ],
  rule: ['globs', 'paths', 'alwaysApply', 'applyTo', 'fileMatchPattern', 'inclusion', 'trigger'],
}

/** Other fields that tools read, although their names are close to that of a limit. */
const otherFields: ReadonlySet<string> = new Set(['agents', 'model', 'permissions'])

/** Characters from which a name is long enough for two typos. */
const longName = 8

/**
 * Finds fields that are probably meant as a limit. Their names differ from it in case, hyphens and underscores (`Tools`,
 * `allowed_tools`, or `disallowed-tools` of an agent), or have a typo (`tool`, `alowed-tools`).
 *
 * @param files those of the package; skills below a skill are examined too.
 */
export function misspelledLimits(
  {type, definitions}: {type: SetUpType; definitions: readonly Definition[]},
  files: readonly PackageFile[],
): MisspelledLimit[] {
  const known = new Set(definitions.map(({file}) => file.path))
  const nested = type === 'skill' ? nestedSkills(files).filter(({file}) => !known.has(file.path)) : []
  return [...definitions, ...nested].flatMap(({file, markdown}) =>
    Object.keys(markdown?.frontmatter ?? {}).flatMap((field) => {
      const meant = meantBy(field, type)
      return meant === undefined ? [] : [{path: file.path, line: fieldLine(field, file), field, meant}]
    }),
  )
}

function meantBy(field: string, type: SetUpType): string | undefined {
  const fields = fieldsOf[type]
  if (fields.includes(field)) return undefined
  const plain = plainName(field)
  const meant =
    fields.find((each) => plainName(each) === plain) ?? (isKnown(plain) ? undefined : nearestOf(plain, fields))
  // Only Devin reads it, as its name for `tools`.
  return type === 'agent' && meant === 'allowed-tools' ? 'tools' : meant
}

/** Whether a tool reads a field of this name, in a definition of any type. */
function isKnown(plain: string): boolean {
  return otherFields.has(plain) || Object.values(fieldsOf).some((fields) => fields.map(plainName).includes(plain))
}

function nearestOf(plain: string, fields: readonly string[]): string | undefined {
  const [nearest] = fields
    .map((field) => ({field, name: plainName(field)}))
    .map(({field, name}) => ({field, edits: distance(plain, name), maxEdits: name.length < longName ? 1 : 2}))
    .filter(({edits, maxEdits}) => edits <= maxEdits)
    .sort((a, b) => a.edits - b.edits)
  return nearest?.field
}

function plainName(field: string): string {
  return field.toLowerCase().replaceAll(/[-_\s]/g, '')
}
