import {readFile} from 'node:fs/promises'
import path from 'node:path'

import {parseAllDocuments} from 'yaml'

export interface Parsed {
  fields: Record<string, unknown>
  text: string
}

/**
 * Parses a Markdown file as strictly as the strictest tool: the first line is `---`, the next `---` ends a YAML mapping,
 * and it means the same in YAML 1.1 and 1.2.
 *
 * @throws {Error} with the reason
 */
export function parseFrontmatter(content: string): Parsed {
  const lines = content.split('\n')
  if (lines[0] !== '---') return {fields: {}, text: content}
  const end = lines.indexOf('---', 1)
  if (end === -1) throw new Error('the frontmatter is not closed')
  const yaml = lines.slice(1, end).join('\n')
  const [fields, fieldsInYaml11] = (['1.2', '1.1'] as const).map((version) => {
    const documents = parseAllDocuments(yaml, {version, logLevel: 'silent'})
    if (!Array.isArray(documents) || documents.length !== 1) throw new Error('the frontmatter is not one document')
    const [document] = documents
    if (!document || document.errors.length > 0 || document.warnings.length > 0) {
      throw new Error(`the frontmatter is not YAML ${version}: ${document?.errors[0]?.message}`)
    }
    return document.toJS() as unknown
  })
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw new Error('the frontmatter is not a mapping')
  if (JSON.stringify(fields) !== JSON.stringify(fieldsInYaml11)) throw new Error('it differs between YAML 1.1 and 1.2')
  return {fields: fields as Record<string, unknown>, text: lines.slice(end + 1).join('\n')}
}

/**
 * Reads a Markdown file as Cursor does: a pattern in `globs` is bare, which is not valid YAML if it begins with `*`.
 *
 * @see https://cursor.com/docs/rules, read on 2026-08-16
 */
export async function readCursorRule(project: string, file: string): Promise<Parsed> {
  const content = await readFile(path.join(project, file), 'utf8')
  const [, globs] = /^globs: ([^"'\n]*)$/m.exec(content) ?? []
  const {fields, text} = parseFrontmatter(content.replace(/^globs: [^"'\n]*\n/m, ''))
  // A field without a value, as in Cursor's own template, isn't set.
  const set = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
  return {fields: globs === undefined || globs === '' ? set : {...set, globs}, text}
}

export async function readMarkdown(project: string, file: string): Promise<Parsed> {
  return parseFrontmatter(await readFile(path.join(project, file), 'utf8'))
}

/** @throws {Error} unless the field is a non-blank string */
export function requireText(fields: Record<string, unknown>, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string' || value.trim() === '') throw new Error(`${name} is missing`)
  return value
}

/** @throws {Error} unless the field is a non-blank string on one line */
export function requireLine(fields: Record<string, unknown>, name: string): string {
  const value = requireText(fields, name)
  if (/[\n\r\u0085\u2028\u2029]/.test(value)) throw new Error(`${name} has more than one line`)
  return value
}
