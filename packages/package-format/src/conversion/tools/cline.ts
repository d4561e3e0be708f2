import {ruleFormat, commandFormat} from '../formatting.js'
import {formatMarkdown} from '../markdown.js'
import type {ToolFormat} from '../tool-format.js'

/**
 * Cline reads skills from `.agents/skills` and `.cline/skills`, workflows from `.clinerules/workflows`, and rules from
 * `.clinerules`. Only its extension for VS Code limits a rule to files; the CLI always applies it.
 *
 * @see https://docs.cline.bot/features/skills, 2026-08-22
 * @see https://docs.cline.bot/features/cline-rules, 2026-08-22
 */
export const cline: ToolFormat = {
  name: 'cline',
  title: 'Cline',
  skills: {folder: '.cline/skills', isShared: true, honors: new Set()},
  agents: {unsupported: 'apkg does not set up agents for Cline'},
  commands: {
    folder: '.clinerules/workflows',
    extension: '.md',
    format: commandFormat({title: 'Cline'}, ({markdown}) => formatMarkdown({}, markdown.body)),
  },
  rules: {
    folder: '.clinerules',
    extension: '.md',
    format: ruleFormat(({when}) =>
      when === 'always' ? {} : {unsupported: 'Cline always applies every rule, but this one applies only sometimes'},
    ),
  },
  alsoReads: {'.claude/skills': new Set()},
}
