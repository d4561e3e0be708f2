import {parse} from 'smol-toml'

import {parseMarkdown} from './markdown.js'

/** How a tool finds what it loads, according to its documentation. */
export interface Discovery {
  /** Whether the tool reads a path on its own. Other files of a package are only read through such a file. */
  finds: (path: string) => boolean
  /** Why the tool would ignore a file that it found; empty if it loads the file. */
  problemsOf: (path: string, text: string) => string[]
}

/** Skills one level below a directory, each with a SKILL.md that has the name of its directory and a description. */
export function skillsIn(folder: string): Discovery {
  return {
    finds: (file) => file.startsWith(`${folder}/`) && /^[^/]+\/SKILL\.md$/.test(file.slice(folder.length + 1)),
    problemsOf(file, text) {
      const {frontmatter} = parseMarkdown(text)
      const skill = file.split('/').at(-2) ?? ''
      const hasName = frontmatter?.['name'] === skill
      return [
        ...missing(frontmatter, ['name', 'description']),
        ...(frontmatter?.['name'] === undefined || hasName ? [] : [`\`name\` must match its directory, ${skill}`]),
      ]
    },
  }
}

/** Markdown files directly in a directory, with these fields in their frontmatter. */
export function markdownIn(
  folder: string,
  {extension = '.md', required = []}: {extension?: string; required?: readonly string[]} = {},
): Discovery {
  return {
    finds: (file) => isIn(folder, file) && file.endsWith(extension),
    problemsOf: (_file, text) => missing(parseMarkdown(text).frontmatter, required),
  }
}

/** TOML files directly in a directory, with these fields. */
export function tomlIn(folder: string, required: readonly string[]): Discovery {
  return {
    finds: (file) => isIn(folder, file) && file.endsWith('.toml'),
    problemsOf(_file, text) {
      try {
        return missing(parse(text), required)
      } catch {
        return ['it is not valid TOML']
      }
    },
  }
}

function isIn(folder: string, file: string): boolean {
  return file.startsWith(`${folder}/`) && !file.slice(folder.length + 1).includes('/')
}

function missing(fields: Readonly<Record<string, unknown>> | undefined, required: readonly string[]): string[] {
  const isText = (value: unknown) => typeof value === 'string' && value.trim() !== ''
  return required.filter((field) => !isText(fields?.[field])).map((field) => `missing \`${field}\``)
}
