import {first, type Port, type Rule, run, statement, type Step, together} from '../port.js'
import type {EndState, ResumptionResult, SuspensionResult, TokenKey, TokenSuspensions} from '../store.js'
import {recordChange} from './audit.js'
import {findLive} from './package-authority.js'
import {tables} from './tables.js'
import {tokensWithin} from './token-holders.js'
import {toRecord} from './tokens.js'
import {endReplaced, type TokenWithHistory, withHistory} from './token-values.js'
import {suspendPublishers} from './trusted-publishers.js'

const suspendForRestore = statement(`
  INSERT INTO token_suspensions (token_id, made_by, name, at)
  SELECT t.id, 'restore', ?1, ?2 FROM tokens t
  WHERE t.revoked_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM token_suspensions s WHERE s.token_id = t.id AND s.made_by = 'restore')`)

export function createTokenSuspensions(port: Port): TokenSuspensions {
  return {
    suspend: (key, {by: maker, reason}, by, now) =>
      port.write(function* (): Rule<SuspensionResult> {
        const row = yield* findToken(key)
        if (!row) return {outcome: 'unknown'}
        const token = toRecord(row)
        const state = endOf(row, now)
        if (state) return {outcome: 'over', state, label: token.label}
        if (token.suspensions.some((each) => each.by === maker)) return {outcome: 'unchanged', token}
        const suspension = {by: maker, name: by.name, at: now, reason}
        const detail = {label: token.label, by: maker, ...(reason !== null && {reason})}
        yield* together([
          run(
            tables
              .insertInto('token_suspensions')
              .values({token_id: row.id, made_by: maker, name: by.name, at: now, reason}),
          ),
          recordChange({at: now, action: 'token.suspend', by, target: row.id, detail}),
        ])
        return {outcome: 'suspended', token: {...token, suspensions: [...token.suspensions, suspension]}}
      }),

    resume: (key, {makers, sessionId}, by, now) =>
      port.write(function* (): Rule<ResumptionResult> {
        const [row, live] = yield* together([findToken(key), findLive({kind: 'session', id: sessionId ?? ''}, now)])
        if (sessionId !== undefined && live === undefined) return {outcome: 'changed'}
        if (!row) return {outcome: 'unknown'}
        const token = toRecord(row)
        const state = endOf(row, now)
        if (state) return {outcome: 'over', state, label: token.label}
        if (token.suspensions.length === 0) return {outcome: 'unchanged', token}
        const lifted = token.suspensions.filter((each) => makers.includes(each.by)).map((each) => each.by)
        if (lifted.length === 0) return {outcome: 'not-yours', token}
        const left = token.suspensions.filter((each) => !lifted.includes(each.by))
        const detail = {label: token.label, by: lifted, ...(left.length > 0 && {left: left.map((each) => each.by)})}
        yield* together([
          run(tables.deleteFrom('token_suspensions').where('token_id', '=', row.id).where('made_by', 'in', lifted)),
          recordChange({at: now, action: 'token.resume', by, target: row.id, detail}),
        ])
        return {outcome: 'resumed', token: {...token, suspensions: left}}
      }),

    suspendAll: (by, now) =>
      port.write(function* () {
        const [tokens, trustedPublishers, values] = yield* together([
          run(suspendForRestore(by.name, now)),
          suspendPublishers(now),
          endReplaced(now),
        ])
        yield* recordChange({at: now, action: 'token.suspend-all', by, detail: {tokens, trustedPublishers, values}})
        return tokens
      }),
  }
}

function findToken({id, within}: TokenKey): Step<TokenWithHistory | undefined> {
  const tokens = within === undefined ? tables.selectFrom('tokens') : tokensWithin(within)
  return first(withHistory(tokens.where('tokens.id', '=', id)))
}

function endOf({revoked_at, expires_at, uses_left}: TokenWithHistory, now: number): EndState | undefined {
  if (revoked_at !== null) return 'revoked'
  if (expires_at !== null && expires_at <= now) return 'expired'
  return uses_left === 0 ? 'spent' : undefined
}
