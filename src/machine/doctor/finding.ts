import type {ApkgError} from '@apkg/command-kit'

/** One finding of a check. */
export interface Finding {
  status: 'ok' | 'warning' | 'problem'
  message: string
  /** A command or a step; null if nothing needs fixing. */
  mend: string | null
}

export function ok(message: string): Finding {
  return {status: 'ok', message, mend: null}
}

export function warning(message: string, mend: string): Finding {
  return {status: 'warning', message, mend}
}

export function problem(message: string, mend: string | null): Finding {
  return {status: 'problem', message, mend}
}

/** A failure that a command would end with. */
export function problemOf({message, suggestions}: ApkgError): Finding {
  return problem(message, suggestions[0] ?? null)
}
