/** A possible completion. */
export interface Candidate {
  value: string
  description: string
}
