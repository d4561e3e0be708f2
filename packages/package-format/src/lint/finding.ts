import {rules, type RuleId, type Severity} from './rules.js'

/** A problem in a file. */
export interface Finding {
  rule: RuleId
  severity: Severity
  /** Relative to the directory that is checked, with forward slashes. */
  path: string
  /** From 1. 1 if the problem affects the complete file. */
  line: number
  /** From 1, in Unicode code points. */
  column: number
  /** A sentence without a period. */
  message: string
}

/** Where a finding is. */
export type Position = Pick<Finding, 'line' | 'column'>

const start: Position = {line: 1, column: 1}

/** @param severity if it differs from the rule's. */
export function finding(
  rule: RuleId,
  path: string,
  message: string,
  {line, column}: Position = start,
  severity: Severity = rules[rule].severity,
): Finding {
  return {rule, severity, path, line, column, message}
}

/** By path, then by position. */
export function compareFindings(a: Finding, b: Finding): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1
  return a.line - b.line || a.column - b.column || (a.rule < b.rule ? -1 : 1)
}
