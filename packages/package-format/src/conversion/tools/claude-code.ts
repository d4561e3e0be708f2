import {markdownIn, skillsIn} from '../discovery.js'
import {asWritten, definitionFiles, pick, skillFolder, withFrontmatter} from '../placements.js'
import {ruleActivation} from '../rule-activation.js'
import {toolTraits} from '../tool-traits.js'
import type {Tool} from '../tool.js'
import {parseToolList} from '../parse-tool-list.js'

/**
 * Claude Code ignores these fields in subagents of plugins "for security reasons", and packages are no more trustworthy.
 * Hooks of skills and commands also run without asking the user.
 */
const untrustedFields = ['hooks', 'mcpServers', 'permissionMode']

/**
 * Claude Code reads `.claude/skills/<name>/SKILL.md` exactly one level deep, subagents in `.claude/agents` (name and
 * description are required), commands in `.claude/commands` (named after their files), and rules in `.claude/rules`, which
 * apply to the files that `paths` matches, else always.
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
    skill: skillFolder('.claude/skills', {omitted: untrustedFields, isLongAllowed: true}),
    agent: definitionFiles({
      folder: '.claude/agents',
      extension: '.md',
      format: asWritten({isNamed: true, omitted: untrustedFields}),
    }),
    command: definitionFiles({
      folder: '.claude/commands',
      extension: '.md',
      format: asWritten({omitted: untrustedFields}),
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
  // The field is part of the skill format, so it is reported and not removed.
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
