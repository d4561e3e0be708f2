import {placeholderScope, textOf, type PackageFile} from '../conversion.js'
import {manifestFile, type Manifest} from '../manifest/manifest.js'
import {finding, type Finding, type Position} from './finding.js'

/** Finds texts of `apkg.json` that are missing, or that `apkg init` wrote for the author to replace. */
export function checkManifestTexts(
  {name, description}: Pick<Manifest, 'name' | 'description'>,
  files: readonly PackageFile[],
): Finding[] {
  const file = files.find(({path}) => path === manifestFile)
  if (!file) return []
  const at = (field: string) => fieldPosition(field, textOf(file))
  const findings: Finding[] = []
  if (name.startsWith(`${placeholderScope}/`)) {
    const message = `\`name\` still has the template's scope. Replace \`${placeholderScope}\` with your username or organization`
    findings.push(finding('template-text', manifestFile, message, at('name')))
  }
  if (description.trim() === '') {
    const position = at('description')
    const message = `\`description\` is ${position ? 'empty' : 'missing'}. \`apkg search\` and \`apkg info\` show it`
    // An empty one is what `apkg init` wrote. One that was left out may be intended.
    const severity = position ? 'warning' : 'note'
    findings.push(finding('manifest-description-missing', manifestFile, message, position, severity))
  }
  return findings
}

/** Where a field of a JSON object is first mentioned; undefined if it isn't. */
function fieldPosition(field: string, text: string): Position | undefined {
  const offset = text.indexOf(JSON.stringify(field))
  if (offset === -1) return undefined
  const before = text.slice(0, offset).split('\n')
  return {line: before.length, column: [...(before.at(-1) ?? '')].length + 1}
}
