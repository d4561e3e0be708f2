import type {ToolFormat} from '../tool-format.js'
import {amp} from './amp.js'
import {antigravity} from './antigravity.js'
import {claudeCode} from './claude-code.js'
import {cline} from './cline.js'
import {codex} from './codex.js'
import {copilot} from './copilot.js'
import {cursor} from './cursor.js'
import {devin} from './devin.js'
import {goose} from './goose.js'
import {junie} from './junie.js'
import {kiro} from './kiro.js'
import {opencode} from './opencode.js'
import {shared} from './shared.js'
import {zed} from './zed.js'

/** The tools that packages are converted for. To add one, add a file here and list it. */
export const toolFormats: readonly ToolFormat[] = [
  ...[claudeCode, cursor, codex, copilot, opencode, devin, kiro, antigravity, zed, amp, goose, cline, junie],
  shared,
]
