import type {SetUpType} from '../conversion.js'

/** A file that defines something because of where it is. */
export interface DefinitionPlace {
  type: SetUpType
  path: string
  /** A skill's directory, with a slash at the end; empty for the root. For others, the path of the file. */
  root: string
  /** Whether a tool skips it without a name. */
  isNameRequired: boolean
}

/** The directories in which tools look for definitions. */
const toolFolders = new Set([
  ...['.agent', '.agents', '.claude', '.cline', '.codex', '.cursor', '.devin', '.github', '.junie', '.kiro'],
  ...['.opencode', '.windsurf'],
])

const typeOf: Readonly<Record<string, Exclude<SetUpType, 'skill'>>> = {
  agents: 'agent',
  commands: 'command',
  rules: 'rule',
}

/**
 * Finds the definitions in a directory: each SKILL.md, and the Markdown files in `agents`, `commands` and `rules` at the
 * root, in a tool's directory such as `.claude`, and in a Claude Code plugin. Skills below a skill are part of it.
 *
 * @param paths of all files, relative to the directory.
 */
export function definitionPlaces(paths: readonly string[]): DefinitionPlace[] {
  const skills = skillPlaces(paths)
  const roots = new Set(skills.map(({root}) => root))
  const plugins = new Set(paths.flatMap((path) => /^(.*\/)?\.claude-plugin\/plugin\.json$/.exec(path)?.[1] ?? []))
  const documents = paths.flatMap((path): DefinitionPlace[] => {
    const place = documentPlace(path, plugins)
    return place && !ancestorsOf(path).some((each) => roots.has(each)) ? [place] : []
  })
  return [...skills, ...documents]
}

/** The root of the skill or the document that a file belongs to; undefined if it belongs to none. */
export function rootContaining(path: string, roots: ReadonlySet<string>): string | undefined {
  return [path, ...ancestorsOf(path)].find((each) => roots.has(each))
}

function skillPlaces(paths: readonly string[]): DefinitionPlace[] {
  const exact = new Set(paths.filter((path) => /(?:^|\/)SKILL\.md$/.test(path)).map(rootOf))
  const found = paths.filter((path) => {
    if (!/(?:^|\/)skill\.md$/i.test(path)) return false
    return path.endsWith('SKILL.md') || (!exact.has(rootOf(path)) && /^(?:(?:.+\/)?skills\/[^/]+\/)?[^/]+$/.test(path))
  })
  const roots = new Set(found.map(rootOf))
  return found
    .filter((path) => !ancestorsOf(rootOf(path)).some((each) => roots.has(each)))
    .map((path) => ({type: 'skill', path, root: rootOf(path), isNameRequired: true}))
}

function documentPlace(path: string, plugins: ReadonlySet<string>): DefinitionPlace | undefined {
  const [, parent = '', folder = '', name = ''] =
    /^(.*\/)?(agents|commands|rules)\/(?:.+\/)?([^/]+\.mdc?)$/.exec(path) ?? []
  const type = typeOf[folder]
  if (type === undefined || /^(?:readme|agents|claude|contributing|changelog)\./i.test(name)) return undefined
  const owner = parent.split('/').at(-2) ?? ''
  const isPlugin = plugins.has(parent)
  if (parent !== '' && !isPlugin && !toolFolders.has(owner)) return undefined
  return {type, path, root: path, isNameRequired: type === 'agent' && (isPlugin || owner === '.claude')}
}

function rootOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

/** The directories above a path, each with a slash at the end, and the root. */
function ancestorsOf(path: string): string[] {
  const ancestors = path === '' ? [] : ['']
  for (let end = path.indexOf('/'); end !== -1 && end < path.length - 1; end = path.indexOf('/', end + 1)) {
    ancestors.push(path.slice(0, end + 1))
  }
  return ancestors
}
