import type {ApkgError} from '@apkg/command-kit'

/** What a check says: all is well, something should be known, or something does not work. */
export interface Finding {
  status: 'ok' | 'warning' | 'problem'
  message: string
  /** A command or a step; null where nothing needs mending. */
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
