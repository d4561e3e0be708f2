import type {ToolName} from '../../../src/tools/tool-traits.js'
import {discoverAmp} from './amp.js'
import {discoverAntigravity} from './antigravity.js'
import {discoverClaudeCode} from './claude-code.js'
import {discoverCline} from './cline.js'
import {discoverCodex} from './codex.js'
import {discoverCopilot} from './copilot.js'
import {discoverCursor} from './cursor.js'
import {discoverDevin} from './devin.js'
import type {Discovery} from './discovery.js'
import {discoverGoose} from './goose.js'
import {discoverJunie} from './junie.js'
import {discoverKiro} from './kiro.js'
import {discoverOpenCode} from './opencode.js'
import {discoverZed} from './zed.js'

/** What each tool would load from a project, implemented from its documentation and without apkg's code. */
export const discover: Record<ToolName, (project: string) => Promise<Discovery>> = {
  'claude-code': discoverClaudeCode,
  cursor: discoverCursor,
  codex: discoverCodex,
  copilot: discoverCopilot,
  opencode: discoverOpenCode,
  devin: discoverDevin,
  kiro: discoverKiro,
  antigravity: discoverAntigravity,
  zed: discoverZed,
  amp: discoverAmp,
  goose: discoverGoose,
  cline: discoverCline,
  junie: discoverJunie,
}
