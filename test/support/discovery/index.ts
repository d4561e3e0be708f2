import type {ToolName} from '../../../src/tools/tool-traits.js'
import {discoverClaudeCode} from './claude-code.js'
import {discoverCodex} from './codex.js'
import {discoverCursor} from './cursor.js'
import type {Discovery} from './discovery.js'
import {discoverKiro} from './kiro.js'
import {discoverDevin} from './devin.js'

/** What each tool would load from a project, implemented from its documentation and without apkg's code. */
export const discover = {
  'claude-code': discoverClaudeCode,
  cursor: discoverCursor,
  codex: discoverCodex,
  devin: discoverDevin,
  kiro: discoverKiro,
} satisfies Partial<Record<ToolName, (project: string) => Promise<Discovery>>>
