import {stringify} from 'smol-toml'

import {markdownIn, skillsIn, tomlIn} from '../discovery.js'
import {definitionFiles, skillFolder, skillFolders, withFrontmatter} from '../placements.js'
import {toolTraits} from '../tool-traits.js'
import type {Tool} from '../tool.js'

/** How the names of its models begin; one that is named for another tool means nothing here. */
const ownModel = /^(gpt|o\d|codex)/

/**
 * Codex reads skills from `.agents/skills/<name>/SKILL.md`, agents from `.codex/agents` in TOML, and instructions from
 * AGENTS.md: rules are named there. A project has no place for commands, so they come as skills.
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
          // Without instructions it is refused.
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
