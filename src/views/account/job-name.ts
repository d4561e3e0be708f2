import {printable} from '@apkg/command-kit'

import type {JobSource} from '../../account/trusted-publishing/job-source.js'

const providers: Readonly<Record<string, string>> = {github: 'GitHub Actions', gitlab: 'GitLab CI/CD'}

/** A short name for a CI job, such as `acme/tool, publish.yml on GitHub Actions`. */
export function jobName({provider, issuer, subject, repository, workflow}: JobSource): string {
  const file = workflow === null ? '' : `, ${fileOf(workflow)}`
  return printable(`${repository ?? subject}${file} on ${providers[provider] ?? issuer}`)
}

/** Returns `publish.yml` for `acme/tool/.github/workflows/publish.yml@refs/tags/v1`. */
function fileOf(workflow: string): string {
  const [path = ''] = workflow.split('@')
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The facts about a job, except those in its name, as labels and values. */
export function jobFacts({commit, ref, environment, run}: JobSource): [string, string][] {
  const facts: [string, string | null][] = [
    ['Commit', commit],
    ['Ref', ref],
    ['Environment', environment],
    ['Run', run],
  ]
  return facts.flatMap(([label, value]): [string, string][] => (value === null ? [] : [[label, printable(value)]]))
}
