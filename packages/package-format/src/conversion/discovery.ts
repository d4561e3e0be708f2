import {parse} from 'smol-toml'

import {FrontmatterProblem, parseMarkdown} from '@apkg/package-format/conversion'

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
    problemsOf: (file, text) =>
      problemsIn(text, (fields) => {
        const skill = file.split('/').at(-2) ?? ''
        const isNamed = fields?.['name'] === undefined || fields['name'] === skill
        const problems = missing(fields, ['name', 'description'])
        return isNamed ? problems : [...problems, `\`name\` must match its directory, ${skill}`]
      }),
  }
}

/** Markdown files directly in a directory, with these fields in their frontmatter. */
export function markdownIn(
  folder: string,
  {extension = '.md', required = []}: {extension?: string; required?: readonly string[]} = {},
): Discovery {
  return {
    finds: (file) => isIn(folder, file) && file.endsWith(extension),
    problemsOf: (_file, text) => problemsIn(text, (fields) => missing(fields, required)),
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

type Fields = Readonly<Record<string, unknown>> | undefined

/** What is wrong with the frontmatter of a file, if it can be read at all. */
function problemsIn(text: string, check: (fields: Fields) => string[]): string[] {
  try {
    return check(parseMarkdown(text).frontmatter)
  } catch (error) {
    if (error instanceof FrontmatterProblem) return [`invalid frontmatter at line ${error.line}: ${error.message}`]
    throw error
  }
}

function isIn(folder: string, file: string): boolean {
  return file.startsWith(`${folder}/`) && !file.slice(folder.length + 1).includes('/')
}

function missing(fields: Fields, required: readonly string[]): string[] {
  const isText = (value: unknown) => typeof value === 'string' && value.trim() !== ''
  return required.filter((field) => !isText(fields?.[field])).map((field) => `missing \`${field}\``)
}
