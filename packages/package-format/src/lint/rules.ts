/** `error`: a tool or a system can't use it. `warning`: it works differently than its author expects. `note`: advice. */
export type Severity = 'error' | 'warning' | 'note'

/** A check. */
export interface Rule {
  severity: Severity
  /** One sentence: what must be true. */
  summary: string
}

/**
 * All checks, by their IDs. IDs are stable: they are never reused.
 *
 * @see https://agentskills.io/specification, 2026-08-09
 */
export const rules = {
  'manifest-invalid': {severity: 'error', summary: 'A registry must accept the fields of apkg.json.'},
  'manifest-field-unknown': {severity: 'warning', summary: 'apkg.json must only have known fields.'},
  'files-unmatched': {severity: 'warning', summary: 'Each pattern of `files` in apkg.json must match a file.'},
  'definition-missing': {
    severity: 'error',
    summary: 'A skill, agent, command or rule package must have a definition that tools can read.',
  },
  'skill-file-name': {severity: 'error', summary: 'The main file of a skill must be called SKILL.md, in capitals.'},
  'frontmatter-missing': {severity: 'error', summary: 'SKILL.md must start with frontmatter.'},
  'frontmatter-invalid': {severity: 'error', summary: 'The frontmatter must be readable.'},
  'frontmatter-not-yaml': {
    severity: 'error',
    summary: 'The frontmatter of a skill or an agent must be valid YAML, because strict tools skip the file otherwise.',
  },
  'name-missing': {severity: 'error', summary: 'A skill and a Claude Code agent must have a `name`.'},
  'name-invalid': {
    severity: 'error',
    summary: "A skill's `name` must be 1 to 64 characters: a-z, 0-9 and single hyphens between them.",
  },
  'name-not-directory': {severity: 'error', summary: "A skill's `name` must be the name of its directory."},
  'description-missing': {severity: 'error', summary: 'A skill and an agent must have a `description`.'},
  'description-too-long': {
    severity: 'error',
    summary: 'A `description` must not be longer than tools accept: 1,024 characters for a skill.',
  },
  'manifest-description-missing': {severity: 'warning', summary: 'apkg.json should have a `description`.'},
  'template-text': {
    severity: 'warning',
    summary: 'The texts that `apkg init` wrote must be replaced. `apkg publish` refuses them.',
  },
  'compatibility-invalid': {severity: 'warning', summary: '`compatibility` must be text of 1 to 500 characters.'},
  'metadata-invalid': {severity: 'warning', summary: '`metadata` must map names to values.'},
  'limit-misspelled': {
    severity: 'warning',
    summary: 'A field that limits a definition must be spelled as tools read it.',
  },
  'tool-unsupported': {
    severity: 'warning',
    summary: 'A tool that the package is for must be able to load it without ignoring a limit.',
  },
  'agent-too-long': {
    severity: 'warning',
    summary: 'An agent must not be longer than Copilot reads: 30,000 characters.',
  },
  'skill-too-long': {severity: 'note', summary: 'SKILL.md should have fewer than 500 lines.'},
  'file-missing': {
    severity: 'warning',
    summary: 'The files that SKILL.md refers to must be in the directory of the skill.',
  },
  'hidden-characters': {
    severity: 'warning',
    summary: "Text must not contain characters that people don't see but models read.",
  },
  'shebang-crlf': {severity: 'error', summary: 'A line that starts with `#!` must end with LF, not CRLF.'},
  'executable-bit-missing': {
    severity: 'warning',
    summary: 'A file that is executable on disk must be executable in git too.',
  },
  secret: {severity: 'error', summary: 'A package must not contain tokens or private keys.'},
} as const satisfies Readonly<Record<string, Rule>>

export type RuleId = keyof typeof rules
