import {stringify} from 'smol-toml'

import {agentFormat, whyNotReadOnly} from '../formatting.js'
import {openAiDependencies} from '../openai-file.js'
import {agentsFile, rulesInAgentsMd} from '../rules-in-agents-md.js'
import type {ToolFormat} from '../tool-format.js'

const sandboxNote =
  'as an agent with a read-only sandbox, which Codex does not enforce, and in which it can still run commands that change ' +
  'nothing, search the web, and use tools of MCP servers'

/** The names of its own models. Those of other tools are left out. */
const ownModel = /^(gpt|o\d|codex)/

/**
 * Codex reads skills from `.agents/skills` and `.codex/skills`, agents in TOML from `.codex/agents`, and instructions from
 * AGENTS.md, where rules are listed. It has no project commands. `.codex/rules` is for policies of commands, not for rules.
 * Its agents have no list of tools, only `sandbox_mode`, which the session overrides.
 *
 * @see https://developers.openai.com/codex/skills, 2026-07-15
 * @see https://developers.openai.com/codex/subagents, 2026-08
 * @see https://developers.openai.com/codex/guides/agents-md, 2026-07-15
 */
export const codex: ToolFormat = {
  name: 'codex',
  title: 'Codex',
  skills: {
    folder: '.codex/skills',
    isShared: true,
    isRecursive: true,
    honors: new Set(['disable-model-invocation']),
    hasOpenAiPolicy: true,
    grants: openAiDependencies,
  },
  agents: {
    folder: '.codex/agents',
    extension: '.toml',
    required: ['name', 'description', 'developer_instructions'],
    format: agentFormat({title: 'Codex'}, ({markdown, name, description}, access) => {
      const refused = access && whyNotReadOnly(access, 'Codex')
      if (refused) return refused
      const model = markdown.frontmatter?.['model']
      const sandbox = access ? 'read-only' : markdown.frontmatter?.['sandbox_mode']
      const isOwn = typeof model === 'string' && ownModel.test(model)
      const text = stringify({
        name,
        description,
        ...(isOwn && {model}),
        // Anything wider is left to the session.
        ...((sandbox === 'read-only' || sandbox === 'workspace-write') && {sandbox_mode: sandbox}),
        // Required by Codex.
        developer_instructions: markdown.body.trim() || description,
      })
      return {text, adjustments: access ? [sandboxNote] : []}
    }),
  },
  commands: 'skills',
  rules: {...rulesInAgentsMd, instructions: ['AGENTS.override.md', agentsFile]},
}
