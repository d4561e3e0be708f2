import {publishedNameProblem} from '../package-name.js'
import {versionProblem} from '../version.js'
import {knownTools, packageTypes, toolNamed, type Manifest} from './manifest.js'

/** A reason why a package can't be published. The message completes "`field` …". */
export interface PublishProblem {
  field: string
  message: string
}

/** Characters, for `description`, `license`, `repository` and `homepage`. */
const maxTextLength = 1024

/** The limit in the protocol's `PublishMetadata`. */
const maxKeywords = 100

/** Returns every reason why a registry would reject a manifest; an empty list if it can be published. */
export function publishProblems(manifest: Manifest): PublishProblem[] {
  const problems: PublishProblem[] = []
  const add = (field: string, message: string | undefined) => {
    if (message !== undefined) problems.push({field, message})
  }
  add('name', publishedNameProblem(manifest.name))
  add('version', versionProblem(manifest.version))
  add('type', typeProblem(manifest.type))
  add('targets', targetsProblem(manifest.targets))
  add('files', filesProblem(manifest.files))
  add('origin', originProblem(manifest))
  add('keywords', keywordsProblem(manifest.keywords))
  for (const field of ['description', 'license', 'repository', 'homepage'] as const) {
    add(field, textProblem(manifest[field] ?? ''))
  }
  return problems
}

/** Why a `description`, `license`, `repository` or `homepage` can't be published, as a predicate. */
export function textProblem(text: string): string | undefined {
  return text.length > maxTextLength ? `is longer than ${maxTextLength} characters` : undefined
}

/** Why keywords can't be published, as a predicate. */
export function keywordsProblem(keywords: readonly string[]): string | undefined {
  return keywords.length > maxKeywords ? `has more than ${maxKeywords} entries` : undefined
}

function typeProblem(type: string): string | undefined {
  if (type === 'project') return 'is `project`; a project uses packages and is not published'
  if ((packageTypes as readonly string[]).includes(type)) return undefined
  return `must be one of ${packageTypes.filter((each) => each !== 'project').join(', ')}`
}

function targetsProblem(targets: string[] | undefined): string | undefined {
  if (targets === undefined) return undefined
  if (targets.length === 0) return `must not be empty. Known tools: ${knownTools.join(', ')}`
  const unknown = targets.filter((each) => !isKnownTool(each))
  if (unknown.length === 0) return undefined
  return `contains unknown tools: ${unknown.join(', ')}. Known tools: ${knownTools.join(', ')}`
}

function filesProblem(files: string[] | undefined): string | undefined {
  if (files?.length === 0) return 'must not be empty; remove it to pack all files'
  const outside = files?.find((each) => each.trim() === '' || /(?:^!?|[\\/])\.\.(?:[\\/]|$)|^!?[A-Za-z]:/.test(each))
  return outside === undefined ? undefined : `contains \`${outside}\`, which is not a path within the package`
}

function originProblem({origin, targets}: Manifest): string | undefined {
  if (origin === undefined) return undefined
  if (!isKnownTool(origin)) return `is not a known tool. Known tools: ${knownTools.join(', ')}`
  return targets !== undefined && !targets.includes(origin) ? 'must be one of `targets`' : undefined
}

function isKnownTool(tool: string): boolean {
  return toolNamed(tool) !== undefined
}
