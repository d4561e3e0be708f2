import {parse} from 'smol-toml'

import {parseMarkdown} from './markdown.js'

/** How a tool finds what it loads, by its documentation. */
export interface Discovery {
  /** Whether the tool looks at a path by itself. Other files of a package belong to one that it looks at. */
  finds: (path: string) => boolean
  /** Why the tool would pass over what it found, as sentences about the file; none where it loads it. */
  problemsOf: (path: string, text: string) => string[]
}

/** Skills in one level of folders, each with a SKILL.md that has its folder's name and a description. */
export function skillsIn(folder: string): Discovery {
  return {
    finds: (file) => file.startsWith(`${folder}/`) && /^[^/]+\/SKILL\.md$/.test(file.slice(folder.length + 1)),
    problemsOf(file, text) {
      const {frontmatter} = parseMarkdown(text)
      const skill = file.split('/').at(-2) ?? ''
      const hasName = frontmatter?.['name'] === skill
      return [
        ...missing(frontmatter, ['name', 'description']),
        ...(frontmatter?.['name'] === undefined || hasName ? [] : [`its \`name\` is not that of its folder, ${skill}`]),
      ]
    },
  }
}

/** Markdown files right in a folder, with these fields in their frontmatter. */
export function markdownIn(
  folder: string,
  {extension = '.md', required = []}: {extension?: string; required?: readonly string[]} = {},
): Discovery {
  return {
    finds: (file) => isIn(folder, file) && file.endsWith(extension),
    problemsOf: (_file, text) => missing(parseMarkdown(text).frontmatter, required),
  }
}

/** TOML files right in a folder, with these fields. */
export function tomlIn(folder: string, required: readonly string[]): Discovery {
  return {
    finds: (file) => isIn(folder, file) && file.endsWith('.toml'),
    problemsOf(_file, text) {
      try {
        return missing(parse(text), required)
      } catch {
        return ['it is not TOML']
      }
    },
  }
}

function isIn(folder: string, file: string): boolean {
  return file.startsWith(`${folder}/`) && !file.slice(folder.length + 1).includes('/')
}

function missing(fields: Readonly<Record<string, unknown>> | undefined, required: readonly string[]): string[] {
  const isText = (value: unknown) => typeof value === 'string' && value.trim() !== ''
  return required.filter((field) => !isText(fields?.[field])).map((field) => `it has no \`${field}\``)
}
