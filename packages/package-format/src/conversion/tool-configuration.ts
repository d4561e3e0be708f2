/** Directories in which tools look for configuration, hooks, plugins, agents or skills. */
const directories: ReadonlySet<string> = new Set([
  ...['.agents', '.amp', '.claude', '.claude-plugin', '.cline', '.clinerules', '.codex', '.codex-plugin'],
  ...['.continue', '.cursor', '.cursor-plugin', '.devin', '.gemini', '.git', '.github', '.goose', '.idea', '.junie'],
  ...['.kiro', '.opencode', '.plugin', '.vscode', '.windsurf', '.zed'],
])

/** Files that tools read as instructions or configuration wherever they find them. */
const files: ReadonlySet<string> = new Set([
  ...['.mcp.json', 'mcp.json', '.cursorrules', '.windsurfrules', '.goosehints', '.git'],
  ...['agents.md', 'agents.override.md', 'claude.md', 'claude.local.md', 'gemini.md'],
  ...['opencode.json', 'opencode.jsonc'],
])

/** Files that tools read at the root of a project only. */
const filesAtRoot: ReadonlySet<string> = new Set(['settings.json', 'settings.local.json'])

/** A bare git repository is a directory with `HEAD` and at least one of these. Git runs what its `config` names. */
const besideHead: ReadonlySet<string> = new Set(['objects', 'refs', 'commondir'])

/**
 * The files of a package that a tool, or git, would read as configuration of its own if they were placed in a project:
 * `.claude/settings.json`, `AGENTS.md`, `.mcp.json`, a bare git repository. They are never placed.
 *
 * @param paths of all files, relative to the package's directory, with forward slashes.
 * @param type of the package. In an `mcp-server`, `mcp.json` is content.
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
      if (type === 'mcp-server' && segment === 'mcp.json') return false
      return files.has(segment) || (position === 0 && filesAtRoot.has(segment))
    })
    const isInRepository = repositories.some((folder) => `${segments.join('/')}/`.startsWith(folder))
    if (depth === 0) found.top.push(path)
    else if (depth > 0 || isInRepository) found.nested.push(path)
  }
  return found
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
