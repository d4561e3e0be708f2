import type {SetUpType} from './package-files.js'

/** The text of a definition that its author has yet to write. */
interface DefinitionTemplate {
  description: string
  /** One line. */
  body: string
}

/**
 * The texts that `apkg init` writes for an author to replace. `apkg lint` finds them verbatim, so it misses those of an
 * earlier release if they change here.
 */
export const definitionTemplates: Readonly<Record<SetUpType, DefinitionTemplate>> = {
  skill: {
    description: 'Describe what this skill does, and when to use it.',
    body: 'Write the instructions here. Put longer references and scripts in files next to this one, and link to them.',
  },
  agent: {
    description: 'Describe what this agent does, and when to use it.',
    body: 'Write here what the agent does, step by step, and what it reports.',
  },
  command: {
    description: 'Describe what this command does.',
    body: 'Write here what to do when the command is used.',
  },
  rule: {
    description: 'Describe what this rule is about.',
    body: 'Write the rule here, such as how code in a project is written.',
  },
}

/** The scope of a new package until its author logs in or chooses one. */
export const placeholderScope = '@scope'
