import {manifestFile} from '@apkg/package-format'
import {finding, type Finding, type Position} from '@apkg/package-format/lint'

import type {Project} from '../../project/read-project.js'
import {manifestProblems} from '../manifest-problems.js'

/** Checks what a registry requires of `apkg.json`, and its unknown fields. */
export async function manifestFindings({manifest, text, warnings}: Project): Promise<Finding[]> {
  const problems = await manifestProblems(manifest)
  return [
    ...problems.map((message) => finding('manifest-invalid', manifestFile, message, positionOf(message, text))),
    ...warnings.map((message) => finding('manifest-field-unknown', manifestFile, message, positionOf(message, text))),
  ]
}

/** Where the field that a sentence starts with is set. */
export function positionOf(message: string, text: string): Position | undefined {
  const [, field] = /^`([^`]+)`/.exec(message) ?? []
  const offset = field === undefined ? -1 : text.indexOf(JSON.stringify(field))
  if (offset === -1) return undefined
  const before = text.slice(0, offset).split('\n')
  return {line: before.length, column: [...(before.at(-1) ?? '')].length + 1}
}
