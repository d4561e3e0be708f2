import type {knownTools} from '@apkg/package-format'

/** A tool that packages are set up for, by its name in flags, settings and manifests. */
export type ToolName = (typeof knownTools)[number]

export interface ToolTraits {
  /** The display name. */
  title: string
  /** Directories and files by which the tool is detected in a project. */
  marks: readonly string[]
  /** Matches a setting in `.vscode/settings.json` that shows the same. */
  setting?: RegExp
}

/** The properties of tools that are needed without loading their formats. */
export const toolTraits: Readonly<Record<ToolName, ToolTraits>> = {
  'claude-code': {title: 'Claude Code', marks: ['.claude', 'CLAUDE.md']},
  cursor: {title: 'Cursor', marks: ['.cursor', '.cursorrules']},
  codex: {title: 'Codex', marks: ['.codex']},
  copilot: {
    title: 'GitHub Copilot',
    marks: ['copilot-instructions.md', 'instructions', 'agents', 'prompts'].map((name) => `.github/${name}`),
    setting: /"(?:github\.copilot|chat)\./,
  },
  opencode: {title: 'OpenCode', marks: ['.opencode', 'opencode.json', 'opencode.jsonc']},
  devin: {title: 'Devin', marks: ['.devin', '.windsurf']},
  kiro: {title: 'Kiro', marks: ['.kiro']},
  antigravity: {title: 'Antigravity', marks: ['.agent', '.antigravityignore', 'GEMINI.md']},
  zed: {title: 'Zed', marks: ['.zed', '.rules']},
  amp: {title: 'Amp', marks: ['.amp']},
  goose: {title: 'Goose', marks: ['.goose', '.goosehints']},
  cline: {title: 'Cline', marks: ['.cline', '.clinerules']},
  junie: {title: 'Junie', marks: ['.junie']},
}

/** The tools that read skills only from their own directory, and not from `.agents/skills`. */
export const withoutSharedSkills: ReadonlySet<string> = new Set<ToolName>(['claude-code', 'kiro'])

/** The directory of skills that many tools read. It is set up if no tool is detected in a project. */
export const sharedTool = {
  name: 'agents',
  title: '.agents/skills',
  marks: ['.agents', 'AGENTS.md'],
} as const
