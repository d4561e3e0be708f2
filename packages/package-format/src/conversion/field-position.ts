import {textOf, type PackageFile} from './package-files.js'

/** The line of a field of frontmatter, from 1; null if it can't be found. */
export function fieldLine(field: string, file: PackageFile): number | null {
  const isField = (line: string) => [field, `"${field}"`, `'${field}'`].some((each) => startsField(line, each))
  const index = textOf(file).split(/\r?\n/).findIndex(isField)
  return index === -1 ? null : index + 1
}

function startsField(line: string, name: string): boolean {
  return line.startsWith(name) && line.slice(name.length).trimStart().startsWith(':')
}
