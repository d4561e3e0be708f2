import {mkdir} from 'node:fs/promises'
import path from 'node:path'

import {definitionTemplates, formatMarkdown, type SetUpType} from '@apkg/package-format/conversion'

import {replaceFile} from '../../files/replace-file.js'

/** What decides the content of a first definition. */
interface NewDefinition {
  type: SetUpType
  /** Of the package, `@scope/name`. */
  name: string
  description: string
}

/**
 * Writes a first definition that tools can load, for its author to edit.
 *
 * @param folder without a definition.
 * @returns its path in the directory, with forward slashes
 * @throws {ApkgError} the errors of `replaceFile`.
 */
export async function scaffold(folder: string, definition: NewDefinition): Promise<string> {
  const stem = stemOf(definition.name)
  const file = definition.type === 'skill' ? 'SKILL.md' : `${definition.type}s/${stem}.md`
  const target = path.join(folder, file)
  await mkdir(path.dirname(target), {recursive: true})
  await replaceFile(target, textOf(stem, definition), {link: 'replace'})
  return file
}

/** The name of a skill, an agent or a command: lower case letters, digits and single hyphens. */
function stemOf(name: string): string {
  const bare = name.slice(name.indexOf('/') + 1)
  const words = bare.toLowerCase().split(/[^a-z0-9]+/)
  return (
    words
      .filter((word) => word !== '')
      .join('-')
      .slice(0, 64)
      .replace(/-$/, '') || 'package'
  )
}

function textOf(stem: string, {type, description}: NewDefinition): string {
  const {description: placeholder, body} = definitionTemplates[type]
  const fields = {
    ...((type === 'skill' || type === 'agent') && {name: stem}),
    description: description || placeholder,
    ...(type === 'rule' && {alwaysApply: true}),
  }
  return formatMarkdown(fields, `\n# ${titleOf(stem)}\n\n${body}\n`)
}

function titleOf(stem: string): string {
  const words = stem.replaceAll('-', ' ')
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}
