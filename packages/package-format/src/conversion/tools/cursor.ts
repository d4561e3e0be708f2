import {markdownIn, skillsIn} from '../discovery.js'
import {definitionFiles, pick, skillFolder, withFrontmatter, withoutFrontmatter} from '../placements.js'
import {ruleActivation} from '../rule-activation.js'
import {toolTraits} from '../tool-traits.js'
import type {Tool} from '../tool.js'

/**
 * Cursor reads `.cursor/skills/<name>/SKILL.md`, subagents in `.cursor/agents`, commands in `.cursor/commands` (plain
 * Markdown, named after their files), and rules in `.cursor/rules/*.mdc`, which apply always, to files that `globs` matches
 * (comma-separated patterns), or when their description is relevant.
 *
 * @see https://cursor.com/docs/context/skills
 * @see https://cursor.com/docs/context/subagents
 * @see https://cursor.com/docs/context/commands
 * @see https://cursor.com/docs/context/rules
 */
export const cursor: Tool = {
  name: 'cursor',
  ...toolTraits.cursor,
  place: {
    skill: skillFolder('.cursor/skills'),
    agent: definitionFiles({
      folder: '.cursor/agents',
      extension: '.md',
      format: withFrontmatter((own, named) => ({...named, ...pick(own, ['model', 'readonly', 'is_background'])})),
    }),
    command: definitionFiles({folder: '.cursor/commands', extension: '.md', format: withoutFrontmatter}),
    rule: definitionFiles({
      folder: '.cursor/rules',
      extension: '.mdc',
      format: withFrontmatter((own, {description}) => {
        const activation = ruleActivation(own)
        return {
          description,
          ...(activation.when === 'files' && {globs: activation.globs.join(',')}),
          alwaysApply: activation.when === 'always',
        }
      }),
    }),
  },
  loads: {
    skill: skillsIn('.cursor/skills'),
    agent: markdownIn('.cursor/agents', {required: ['name', 'description']}),
    command: markdownIn('.cursor/commands'),
    rule: markdownIn('.cursor/rules', {extension: '.mdc'}),
  },
}
