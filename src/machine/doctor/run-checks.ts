import {setTimeout as sleep} from 'node:timers/promises'

import {isApkgError, printable, reasonOf} from '@apkg/command-kit'
import {redactTokenValues} from '@apkg/wire'

import type {Check, CheckName, Patient} from './check.js'
import {problem, problemOf, warning, type Finding} from './finding.js'

/** What every check found. */
export interface Diagnosis {
  findings: CheckFinding[]
  /** Number of findings by status. */
  summary: Record<Finding['status'], number>
}

/** What one check found. A check can have several findings. */
export interface CheckFinding extends Finding {
  check: CheckName
  /** The check's title, for people. */
  title: string
}

/** A check that asks plugins may never hear from them. In milliseconds. */
const longest = 15_000

/** Runs all checks at once. What they found is in their order, and holds no token's value. */
export async function examine(checks: readonly Check[], patient: Patient): Promise<Diagnosis> {
  const found = await Promise.all(checks.map((check) => findingsOf(check, patient)))
  const findings = toldOnce(found.flat())
  const count = (status: Finding['status']) => findings.filter((each) => each.status === status).length
  return {findings, summary: {ok: count('ok'), warning: count('warning'), problem: count('problem')}}
}

/**
 * What keeps several checks from looking, such as damaged settings, is the problem of the first of them. What nothing
 * fixes, as that no answer came in time, may have another cause in each.
 */
function toldOnce(findings: Diagnosis['findings']): Diagnosis['findings'] {
  const told = new Map<string, string>()
  return findings.map((finding) => {
    const {status, message, fix, title} = finding
    const by = told.get(message)
    if (status !== 'problem' || fix === null || by === title) return finding
    if (by !== undefined) return {...finding, ...warning('not checked', `see ${by} above`)}
    told.set(message, title)
    return finding
  })
}

async function findingsOf(check: Check, patient: Patient): Promise<Diagnosis['findings']> {
  const {name, title} = check
  const findings = await withinPatience(check, patient)
  return findings.map(({status, message, fix}) => ({
    check: name,
    title,
    status,
    message: clean(message),
    fix: fix === null ? null : clean(fix),
  }))
}

async function withinPatience(check: Check, patient: Patient): Promise<Finding[]> {
  const timer = new AbortController()
  const tooLong = async () => {
    await sleep(longest, undefined, {signal: timer.signal})
    return [problem(`no answer within ${longest / 1000} seconds`, null)]
  }
  try {
    return await Promise.race([check.examine(patient), tooLong()])
  } catch (error) {
    return [isApkgError(error) ? problemOf(error) : problem(`check failed: ${reasonOf(error)}`, null)]
  } finally {
    timer.abort()
  }
}

function clean(text: string): string {
  return redactTokenValues(printable(text))
}
