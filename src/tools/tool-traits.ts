import type {knownTools} from '@apkg/package-format'

/** A tool that packages are set up for, by the name that flags, settings and manifests have for it. */
export type ToolName = (typeof knownTools)[number]

export interface ToolTraits {
  /** As people write it. */
  title: string
  /** The folder in a project that shows that the tool is used there. */
  folder: string
}

/** What can be said of tools without loading what is set up for them. */
export const toolTraits: Readonly<Record<ToolName, ToolTraits>> = {
  'claude-code': {title: 'Claude Code', folder: '.claude'},
  cursor: {title: 'Cursor', folder: '.cursor'},
  codex: {title: 'Codex', folder: '.codex'},
  windsurf: {title: 'Windsurf', folder: '.windsurf'},
  kiro: {title: 'Kiro', folder: '.kiro'},
}
