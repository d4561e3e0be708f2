/** Directories in which tools look for configuration, hooks, plugins, agents or skills. */
const directories: ReadonlySet<string> = new Set([
  ...[
    '.agent',
    '.agents',
    '.aider',
    '.amazonq',
    '.amp',
    '.augment',
    '.claude',
    '.claude-plugin',
    '.cline',
    '.clinerules',
  ],
  ...['.codex', '.codex-plugin', '.continue', '.crush', '.cursor', '.cursor-plugin', '.devin'],
  ...['.factory', '.gemini', '.git', '.github', '.goose', '.idea', '.iflow', '.junie'],
  ...['.kilocode', '.kiro', '.opencode', '.openhands', '.plugin', '.qoder', '.qwen', '.roo', '.tabnine', '.trae'],
  ...['.vscode', '.warp', '.windsurf', '.zed', '.zencoder'],
])

/** Files that tools read as instructions or configuration wherever they find them. */
const files: ReadonlySet<string> = new Set([
  ...['.mcp.json', 'mcp.json', '.git', '.envrc', '.aider.conf.yml', '.antigravityignore'],
  ...['.cursorrules', '.windsurfrules', '.goosehints', '.rules', '.roorules', '.roomodes', '.kilocodemodes'],
  ...['agent.md', 'agents.md', 'agents.local.md', 'agents.override.md', 'claude.md', 'claude.local.md', 'crush.md'],
  ...['gemini.md', 'qwen.md', 'crush.json', '.crush.json', 'opencode.json', 'opencode.jsonc'],
])

/** Files that tools read at the root of a project only. */
const filesAtRoot: ReadonlySet<string> = new Set(['settings.json', 'settings.local.json'])

/** A bare git repository is a directory with `HEAD` and at least one of these. Git runs what its `config` names. */
const besideHead: ReadonlySet<string> = new Set(['objects', 'refs', 'commondir'])

/**
 * The files of a package that a tool, or git, would read as its own configuration if they were placed in a project:
 * `.claude/settings.json`, `AGENTS.md`, `.mcp.json`, a bare git repository. They are never placed.
 *
 * @param paths of all files, relative to the package's directory, with forward slashes.
 * @param type of the package. In an `mcp-server`, `mcp.json` is content. In an `agent`,
 *   `agent.md` is an agent, which is written under another name.
 * @returns `top`: those at the package's root, such as `CLAUDE.md` and `.github/…`. `nested`: those further down.
 */
export function toolConfigurationIn(paths: readonly string[], type?: string): {top: string[]; nested: string[]} {
  const repositories = bareRepositories(paths)
  const found = {top: [] as string[], nested: [] as string[]}
  for (const path of paths) {
    const segments = path.split('/').map(fold)
    const depth = segments.findIndex((segment, position) => {
      if (directories.has(segment)) return true
      if (position < segments.length - 1) return false
      if (isContent(segments, type)) return false
      return files.has(segment) || (position === 0 && filesAtRoot.has(segment))
    })
    const isInRepository = repositories.some((folder) => `${segments.join('/')}/`.startsWith(folder))
    if (depth === 0) found.top.push(path)
    else if (depth > 0 || isInRepository) found.nested.push(path)
  }
  return found
}

/** What a bare git repository consists of, apart from files that anyone could have. */
const repositoryParts: ReadonlySet<string> = new Set(['head', 'config', 'packed-refs', ...besideHead])

/**
 * The files that make a package's own directory a bare git repository. The package can be packed without them.
 *
 * @param paths of all files, relative to the package's directory, with forward slashes.
 */
export function repositoryAtRoot(paths: readonly string[]): string[] {
  if (!bareRepositories(paths).includes('')) return []
  return paths.filter((path) => repositoryParts.has(fold(path.split('/')[0] ?? '')))
}

/** Whether a file with the name of a configuration defines something. */
function isContent(segments: readonly string[], type: string | undefined): boolean {
  if (type === 'mcp-server') return segments.at(-1) === 'mcp.json'
  return type === 'agent' && /^(?:agents\/)?agent\.md$/.test(segments.join('/'))
}

/** The directories that are bare git repositories, folded, each with a slash at its end; empty for the root. */
function bareRepositories(paths: readonly string[]): string[] {
  const folded = paths.map((path) => path.split('/').map(fold))
  const heads = folded.filter((segments) => segments.at(-1) === 'head').map((segments) => segments.slice(0, -1))
  return heads
    .filter((folder) =>
      folded.some(
        (segments) =>
          folder.every((segment, position) => segments[position] === segment) &&
          besideHead.has(segments[folder.length] ?? ''),
      ),
    )
    .map((folder) => folder.map((segment) => `${segment}/`).join(''))
}

/** As file systems compare names that ignore case, normalization, and dots and blanks at the end. */
function fold(segment: string): string {
  return segment
    .normalize('NFC')
    .toLowerCase()
    .replace(/(?<![. ])[. ]+$/, '')
}
