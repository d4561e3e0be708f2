import type {Output} from '@apkg/command-kit'

/** How a command prints an installation. */
export interface InstallationView<Report, Outcome> {
  /** What the user should act on, one sentence each. */
  warnings: (report: Report) => string[]
  /** Notes for stderr. @param milliseconds how long it took. */
  notes: (report: Report, milliseconds: number, stderr: Output) => string
  /** Lines for stdout. */
  lines: (report: Report) => string
  /** The object printed by `--json`. */
  outcome: (report: Report) => Outcome
}
