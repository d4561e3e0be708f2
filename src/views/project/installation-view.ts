/** How what was installed is told. */
export interface InstallationView<Report, Outcome> {
  /** What the user should act on, a sentence each. */
  warnings: (report: Report) => string[]
  /** What is said beside the result. `milliseconds`: how long it took. */
  notes: (report: Report, milliseconds: number) => string
  /** What goes to stdout. */
  lines: (report: Report) => string
  /** What `--json` shows. */
  outcome: (report: Report) => Outcome
}
