import {
  convertPackage,
  flatName,
  isSetUpType,
  longDescriptions,
  misspelledLimits,
  readDefinitions,
  toolFormats,
  type Definition,
  type DefinitionProblem,
  type PackageFile,
  type SetUpType,
} from '../conversion.js'
import {manifestFile, toolNamed, type Manifest} from '../manifest/manifest.js'
import {checkOptionalFields, positionOf} from './check-frontmatter.js'
import {checkLength} from './check-length.js'
import {checkReferences} from './check-references.js'
import {checkManifestTexts} from './check-manifest-texts.js'
import {checkTemplate} from './check-template.js'
import {checkHiddenCharacters, checkShebang} from './check-texts.js'
import {compareFindings, finding, type Finding} from './finding.js'
import {pathsIn} from './paths-in.js'

/** The facts of a manifest that decide what tools get. */
export type LintedManifest = Pick<Manifest, 'type' | 'name' | 'version' | 'description' | 'targets'>

/**
 * Checks what tools would get from a package. Setup writes the right name, quotes what YAML requires, and takes a missing
 * description from apkg.json, so none of these is a problem.
 *
 * @param files those that are packed.
 * @returns findings in the order of paths and lines.
 */
export function lintPackage(manifest: LintedManifest, files: readonly PackageFile[]): Finding[] {
  const texts = files.flatMap((file) => [...checkHiddenCharacters(file), ...checkShebang(file)])
  const definitions = isSetUpType(manifest.type) ? lintDefinitions({...manifest, type: manifest.type}, files) : []
  return [...texts, ...definitions, ...checkManifestTexts(manifest, files)].sort(compareFindings)
}

function lintDefinitions(manifest: LintedManifest & {type: SetUpType}, files: readonly PackageFile[]): Finding[] {
  const {type} = manifest
  const {definitions, problems} = readDefinitions(type, files)
  return [
    ...problems.map(problemFinding),
    ...definitions.flatMap(({file, markdown}) => [
      ...missingDescription(manifest, {file, markdown}),
      ...checkOptionalFields({type, file, markdown}),
      ...checkLength({type, file, markdown}),
      ...checkTemplate({type, file, markdown}),
    ]),
    ...longDescriptionFindings(manifest, definitions),
    ...misspelledLimitFindings({type, definitions}, files),
    ...(type === 'skill' ? referenceFindings(definitions, files) : []),
    // What can't be read isn't converted either.
    ...(problems.length === 0 ? refusals(manifest, definitions, files) : []),
  ]
}

/** What `readDefinitions` reports. */
export function problemFinding({message, path, line = 1}: DefinitionProblem): Finding {
  if (path === undefined) return finding('definition-missing', manifestFile, message)
  return finding('frontmatter-invalid', path, message, {line, column: 1})
}

function missingDescription(
  {type, description}: LintedManifest,
  {file, markdown}: Pick<Definition, 'file' | 'markdown'>,
): Finding[] {
  const own = markdown.frontmatter?.['description']
  const isMissing = description.trim() === '' && (typeof own !== 'string' || own.trim() === '')
  if (!isMissing || (type !== 'skill' && type !== 'agent')) return []
  const message = `\`description\` is missing, here and in apkg.json. Tools use it to decide when to use the ${type}`
  return [finding('description-missing', file.path, message, positionOf('description', file), 'warning')]
}

/** Setup shortens them. */
function longDescriptionFindings(manifest: LintedManifest & {type: SetUpType}, definitions: Definition[]): Finding[] {
  const {targets} = manifest
  const names = targets?.map((each) => toolNamed(each) ?? each)
  const tools = toolFormats.filter((tool) => tool.name !== 'agents' && (names?.includes(tool.name) ?? true))
  return longDescriptions({...manifest, definitions}, tools).map(({path, length, cuts}) => {
    const limits = cuts.map(({max, tools: titles}) => `the first ${max} in ${titles.join(', ')}`)
    const message = `The description has ${length} characters. Only part of it is used: ${limits.join('; ')}`
    const file = definitions.find((each) => each.file.path === path)?.file
    return finding('description-too-long', path, message, file && positionOf('description', file), 'warning')
  })
}

/** Fields that tools ignore because of their spelling, so the author's limit doesn't apply. */
export function misspelledLimitFindings(
  source: Parameters<typeof misspelledLimits>[0],
  files: readonly PackageFile[],
): Finding[] {
  return misspelledLimits(source, files).map(({path, line, field, meant}) => {
    const message = `\`${field}\` has no effect, because tools don't read it. Did you mean \`${meant}\`?`
    return finding('limit-misspelled', path, message, {line: line ?? 1, column: 1})
  })
}

/** A package with one skill at its root is that skill. Otherwise, each skill is a directory. */
function referenceFindings(definitions: readonly Definition[], files: readonly PackageFile[]): Finding[] {
  return definitions.flatMap(({file, markdown}) => {
    const root = file.path.slice(0, file.path.lastIndexOf('/') + 1)
    const skill = {type: 'skill', file, markdown, root} as const
    return checkReferences({...skill, paths: pathsIn(root, files)})
  })
}

/** Definitions that a tool doesn't get, because it would ignore a limit, or allow something without asking. */
function refusals(
  manifest: LintedManifest & {type: SetUpType},
  definitions: readonly Definition[],
  files: readonly PackageFile[],
): Finding[] {
  const {type, name, version, description} = manifest
  const targets = manifest.targets?.map((each) => toolNamed(each) ?? each)
  const readsType = (tool: (typeof toolFormats)[number]) =>
    type === 'skill' || !('unsupported' in Object(formatOf(tool, type)))
  const tools = toolFormats.filter(
    (tool) => tool.name !== 'agents' && (targets?.includes(tool.name) ?? readsType(tool)),
  )
  const source = {type, name, version, description, flatName: flatName(name), files, definitions}
  const conversions = convertPackage(source, tools)
  return definitions.flatMap(({file: {path}}) => {
    const reasons = tools.flatMap((_, index) => {
      const reason = conversions[index]?.refused.find(({definition}) => definition === path)?.reason
      return reason === undefined ? [] : [reason]
    })
    if (reasons.length === 0) return []
    const isForNone = reasons.length === tools.length
    const isExpected = targets === undefined && !isForNone
    const message = `Not set up for ${isForNone ? 'any tool' : 'some tools'}: ${reasons.join('; ')}`
    return [finding('tool-unsupported', path, message, undefined, isExpected ? 'note' : 'warning')]
  })
}

function formatOf(tool: (typeof toolFormats)[number], type: Exclude<SetUpType, 'skill'>) {
  return {agent: tool.agents, command: tool.commands, rule: tool.rules}[type]
}
