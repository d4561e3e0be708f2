import type {ApkgError} from '@apkg/command-kit'

/** One finding of a check. */
export interface Finding {
  /** `skipped`: not checked, for example while offline. */
  status: 'ok' | 'skipped' | 'warning' | 'problem'
  message: string
  /** A command to run or a step to take; null if nothing needs fixing. */
  fix: string | null
}

export function ok(message: string): Finding {
  return {status: 'ok', message, fix: null}
}

/** @param message why it was not checked. */
export function skipped(message: string): Finding {
  return {status: 'skipped', message, fix: null}
}

export function warning(message: string, fix: string): Finding {
  return {status: 'warning', message, fix}
}

export function problem(message: string, fix: string | null): Finding {
  return {status: 'problem', message, fix}
}

export function problemOf({message, suggestions}: ApkgError): Finding {
  return problem(message, suggestions[0] ?? null)
}
