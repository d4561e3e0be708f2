import type {ToolFormat} from '../tool-format.js'

const reason = 'only skills are set up in .agents, which is not specific to a tool. Choose a tool with --setup'

/**
 * `.agents/skills` for projects in which no tool was detected. Which tools read it is unknown, so it gets no skill with
 * a limit.
 */
export const shared: ToolFormat = {
  name: 'agents',
  title: '.agents/skills',
  skills: {folder: undefined, isShared: true, isRecursive: true, honors: new Set()},
  agents: {unsupported: reason},
  commands: {unsupported: reason},
  rules: {unsupported: reason},
}
