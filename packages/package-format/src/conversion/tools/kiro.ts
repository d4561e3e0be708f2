import {markdownIn, skillsIn} from '../discovery.js'
import {definitionFiles, skillFolder, withFrontmatter, withoutFrontmatter} from '../placements.js'
import {ruleActivation} from '../rule-activation.js'
import {toolTraits} from '../tool-traits.js'
import type {Tool} from '../tool.js'

/**
 * Kiro reads skills from `.kiro/skills/<name>/SKILL.md`, agents in Markdown from `.kiro/agents` (the IDE, and the CLI since
 * 3.0; before that, JSON), prompts from `.kiro/prompts` (named after their files), and steering from `.kiro/steering`, each
 * with an `inclusion`; with `auto`, name and description are required.
 *
 * @see https://kiro.dev/docs/skills/
 * @see https://kiro.dev/docs/custom-agents/
 * @see https://kiro.dev/docs/cli/v3/agent-config/
 * @see https://kiro.dev/docs/cli/chat/manage-prompts/
 * @see https://kiro.dev/docs/steering/
 */
export const kiro: Tool = {
  name: 'kiro',
  ...toolTraits.kiro,
  place: {
    skill: skillFolder('.kiro/skills'),
    agent: definitionFiles({
      folder: '.kiro/agents',
      extension: '.md',
      format: withFrontmatter((_own, named) => ({...named, tools: ['*']})),
    }),
    command: definitionFiles({folder: '.kiro/prompts', extension: '.md', format: withoutFrontmatter}),
    rule: definitionFiles({
      folder: '.kiro/steering',
      extension: '.md',
      format: withFrontmatter((own, named) => {
        const activation = ruleActivation(own)
        if (activation.when === 'files') return {inclusion: 'fileMatch', fileMatchPattern: activation.globs}
        return activation.when === 'always' ? {inclusion: 'always'} : {inclusion: 'auto', ...named}
      }),
    }),
  },
  loads: {
    skill: skillsIn('.kiro/skills'),
    agent: markdownIn('.kiro/agents', {required: ['description']}),
    command: markdownIn('.kiro/prompts'),
    rule: markdownIn('.kiro/steering'),
  },
}
