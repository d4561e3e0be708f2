import type {Tool} from '../tool.js'
import {claudeCode} from './claude-code.js'
import {codex} from './codex.js'
import {cursor} from './cursor.js'
import {kiro} from './kiro.js'
import {windsurf} from './windsurf.js'

/** The tools that packages are set up for. To add one, add a file here and list it. */
export const tools: readonly Tool[] = [claudeCode, cursor, codex, windsurf, kiro]
