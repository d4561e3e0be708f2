import {markdownIn, skillsIn} from '../discovery.js'
import {definitionFiles, skillFolder, withFrontmatter} from '../placements.js'
import {ruleActivation} from '../rule-activation.js'
import {toolTraits} from '../tool-traits.js'
import type {Tool} from '../tool.js'

/**
 * Windsurf reads skills from `.windsurf/skills/<name>/SKILL.md`, workflows from `.windsurf/workflows` (slash commands named
 * after their files), and rules from `.windsurf/rules`, each with a `trigger`.
 *
 * @see https://docs.windsurf.com/windsurf/cascade/skills
 * @see https://docs.windsurf.com/windsurf/cascade/workflows
 * @see https://docs.windsurf.com/windsurf/cascade/memories
 */
export const windsurf: Tool = {
  name: 'windsurf',
  ...toolTraits.windsurf,
  place: {
    skill: skillFolder('.windsurf/skills'),
    agent: () => ({unsupported: 'Windsurf does not support project agents'}),
    command: definitionFiles({
      folder: '.windsurf/workflows',
      extension: '.md',
      format: withFrontmatter((_own, {description}) => ({description})),
    }),
    rule: definitionFiles({
      folder: '.windsurf/rules',
      extension: '.md',
      format: withFrontmatter((own, {description}) => {
        const activation = ruleActivation(own)
        if (activation.when === 'files') return {trigger: 'glob', globs: activation.globs.join(','), description}
        return {trigger: activation.when === 'always' ? 'always_on' : 'model_decision', description}
      }),
    }),
  },
  loads: {
    skill: skillsIn('.windsurf/skills'),
    command: markdownIn('.windsurf/workflows'),
    rule: markdownIn('.windsurf/rules', {required: ['trigger']}),
  },
}
