import type {knownTools} from '@apkg/package-format'

/** A tool that packages are set up for, by its name in flags, settings and manifests. */
export type ToolName = (typeof knownTools)[number]

export interface ToolTraits {
  /** The display name. */
  title: string
  /** The directory whose presence in a project shows that the tool is used there. */
  folder: string
}

/** The properties of tools that are needed without loading their adapters. */
export const toolTraits: Readonly<Record<ToolName, ToolTraits>> = {
  'claude-code': {title: 'Claude Code', folder: '.claude'},
  cursor: {title: 'Cursor', folder: '.cursor'},
  codex: {title: 'Codex', folder: '.codex'},
  windsurf: {title: 'Windsurf', folder: '.windsurf'},
  kiro: {title: 'Kiro', folder: '.kiro'},
}
