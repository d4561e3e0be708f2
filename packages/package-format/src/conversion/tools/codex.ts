import {stringify} from 'smol-toml'

import {markdownIn, skillsIn, tomlIn} from '../discovery.js'
import {definitionFiles, skillFolder, skillFolders, withFrontmatter} from '../placements.js'
import {toolTraits} from '../tool-traits.js'
import type {Tool} from '../tool.js'

/** The names of its own models; those of other tools are dropped. */
const ownModel = /^(gpt|o\d|codex)/

/**
 * Codex reads skills from `.agents/skills/<name>/SKILL.md`, agents in TOML from `.codex/agents`, and instructions from
 * AGENTS.md, where rules are listed. It has no project commands, so commands become skills.
 *
 * @see https://developers.openai.com/codex/skills
 * @see https://developers.openai.com/codex/subagents
 * @see https://developers.openai.com/codex/guides/agents-md
 */
export const codex: Tool = {
  name: 'codex',
  ...toolTraits.codex,
  indexesRules: '.codex/rules',
  place: {
    skill: skillFolder('.agents/skills'),
    agent: definitionFiles({
      folder: '.codex/agents',
      extension: '.toml',
      format: ({frontmatter = {}, body}, {name, description}) => {
        const {model} = frontmatter
        const isOwn = typeof model === 'string' && ownModel.test(model)
        return stringify({
          name,
          description,
          ...(isOwn && {model}),
          // Required by Codex.
          developer_instructions: body.trim() || description,
        })
      },
    }),
    command: skillFolders('.agents/skills'),
    rule: definitionFiles({
      folder: '.codex/rules',
      extension: '.md',
      format: withFrontmatter((_own, {description}) => ({description})),
    }),
  },
  loads: {
    skill: skillsIn('.agents/skills'),
    agent: tomlIn('.codex/agents', ['name', 'description', 'developer_instructions']),
    command: skillsIn('.agents/skills'),
    rule: markdownIn('.codex/rules'),
  },
}
