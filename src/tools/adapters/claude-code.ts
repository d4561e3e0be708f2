import {markdownIn, skillsIn} from '../discovery.js'
import {definitionFiles, omit, pick, skillFolder, withFrontmatter} from '../placements.js'
import {ruleActivation} from '../rule-activation.js'
import {toolTraits} from '../tool-traits.js'
import type {Tool} from '../tool.js'
import {parseToolList} from '../parse-tool-list.js'

/**
 * What Claude Code ignores in subagents that a plugin brings along, "for security reasons": a package is no less strange.
 * Hooks of skills and commands run without the model or anybody being asked, too.
 */
const notFromStrangers = ['hooks', 'mcpServers', 'permissionMode']

/**
 * Claude Code reads `.claude/skills/<name>/SKILL.md` in exactly one level of folders, subagents in `.claude/agents` (a name
 * and a description are required), commands in `.claude/commands` (a file's name is the command's), and rules in
 * `.claude/rules`, each for the files that `paths` names, else always.
 *
 * @see https://code.claude.com/docs/en/skills
 * @see https://code.claude.com/docs/en/sub-agents
 * @see https://code.claude.com/docs/en/slash-commands
 * @see https://code.claude.com/docs/en/memory
 */
export const claudeCode: Tool = {
  name: 'claude-code',
  ...toolTraits['claude-code'],
  place: {
    skill: skillFolder('.claude/skills', notFromStrangers),
    agent: definitionFiles({
      folder: '.claude/agents',
      extension: '.md',
      format: withFrontmatter((own, named) => ({...omit(own, notFromStrangers), ...named})),
    }),
    command: definitionFiles({
      folder: '.claude/commands',
      extension: '.md',
      format: withFrontmatter((own, {description}) => ({...omit(own, notFromStrangers), description})),
    }),
    rule: definitionFiles({
      folder: '.claude/rules',
      extension: '.md',
      format: withFrontmatter((own) => {
        const activation = ruleActivation(own)
        return {...pick(own, ['description']), ...(activation.when === 'files' && {paths: activation.globs})}
      }),
    }),
  },
  // The field is part of the format of skills, so it is told and not taken away.
  preapproves: {
    skill: (frontmatter) => parseToolList(frontmatter['allowed-tools']),
    command: (frontmatter) => parseToolList(frontmatter['allowed-tools']),
  },
  loads: {
    skill: skillsIn('.claude/skills'),
    agent: markdownIn('.claude/agents', {required: ['name', 'description']}),
    command: markdownIn('.claude/commands'),
    rule: markdownIn('.claude/rules'),
  },
}
