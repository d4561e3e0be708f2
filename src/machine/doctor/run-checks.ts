import {setTimeout as sleep} from 'node:timers/promises'

import {isApkgError, printable, errorReason} from '@apkg/command-kit'
import {redactTokenValues} from '@apkg/wire'

import type {Check, CheckName, DoctorContext} from './check.js'
import {problem, problemOf, warning, type Finding} from './finding.js'

/** The findings of all checks. */
export interface Diagnosis {
  /** The findings, in the order of the checks. A check can have several. */
  findings: CheckFinding[]
  /** Number of findings by status. */
  summary: Record<Finding['status'], number>
}

/** What one check found. A check can have several findings. */
export interface CheckFinding extends Finding {
  check: CheckName
  /** Title of the check, for people. */
  title: string
}

/** In milliseconds. A check that asks plugins may never get an answer. */
const maxCheckTime = 15_000

/** Runs all checks concurrently. The findings are in the order of the checks and contain no token values. */
export async function runChecks(checks: readonly Check[], context: DoctorContext): Promise<Diagnosis> {
  const found = await Promise.all(checks.map((check) => findingsOf(check, context)))
  const findings = withoutRepetitions(found.flat())
  const count = (status: Finding['status']) => findings.filter((each) => each.status === status).length
  return {
    findings,
    summary: {ok: count('ok'), skipped: count('skipped'), warning: count('warning'), problem: count('problem')},
  }
}

/**
 * Reports a problem that several checks have in common, such as damaged settings, only for the first of them. Problems
 * without a fix, such as timeouts, are kept, because their causes may differ.
 */
function withoutRepetitions(findings: Diagnosis['findings']): Diagnosis['findings'] {
  const reported = new Map<string, string>()
  return findings.map((finding) => {
    const {status, message, fix, title} = finding
    const first = reported.get(message)
    if (status !== 'problem' || fix === null || first === title) return finding
    if (first !== undefined) return {...finding, ...warning('not checked', `see ${first} above`)}
    reported.set(message, title)
    return finding
  })
}

async function findingsOf(check: Check, context: DoctorContext): Promise<Diagnosis['findings']> {
  const {name, title} = check
  const findings = await runWithTimeout(check, context)
  return findings.map(({status, message, fix}) => ({
    check: name,
    title,
    status,
    message: clean(message),
    fix: fix === null ? null : clean(fix),
  }))
}

async function runWithTimeout(check: Check, context: DoctorContext): Promise<Finding[]> {
  const timer = new AbortController()
  const timeout = async () => {
    await sleep(maxCheckTime, undefined, {signal: timer.signal})
    return [problem(`timed out after ${maxCheckTime / 1000} seconds`, null)]
  }
  try {
    return await Promise.race([check.run(context), timeout()])
  } catch (error) {
    return [isApkgError(error) ? problemOf(error) : problem(`check failed: ${errorReason(error)}`, null)]
  } finally {
    timer.abort()
  }
}

function clean(text: string): string {
  return redactTokenValues(printable(text))
}
