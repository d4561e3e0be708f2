import {readFile} from 'node:fs/promises'

import {parse} from 'yaml'

import {inRepository} from './repository.js'

/** A job that docs/ci.md shows. */
export interface CiJob {
  /** Shell lines, in order. */
  steps: string[]
  variables: Record<string, string>
}

const page = await readFile(inRepository('docs/ci.md'), 'utf8')
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => parse(yaml))

const github = blocks.flatMap((block) => block.jobs?.publish ?? [])
const gitlab = blocks.flatMap((block) => block.publish ?? [])

const [trustedGithub, githubWithToken] = github.map((job): CiJob => ({
  steps: job.steps.flatMap(({run}: {run?: string}) => run ?? []),
  variables: job.env,
}))
const [trustedGitlab, gitlabWithToken] = gitlab.map((job): CiJob => ({steps: job.script, variables: job.variables}))

/** The jobs that docs/ci.md shows for a stored token, by name. */
export const ciJobs: Readonly<Record<string, CiJob>> = {
  'GitHub Actions': given(githubWithToken),
  GitLab: given(gitlabWithToken),
  'a shell': {
    steps: (/^```sh\n(export APKG_TOKEN=.*?)^```$/ms.exec(page)?.[1] ?? '').trim().split('\n').slice(2),
    variables: {APKG_REGISTRY: 'https://registry.example.com'},
  },
}

/** The jobs that it shows for trusted publishing. */
export const trustedJobs: Readonly<Record<string, CiJob>> = {
  'GitHub Actions': withIdToken(trustedGithub, github[0]?.permissions?.['id-token'] === 'write'),
  GitLab: withIdToken(trustedGitlab, typeof gitlab[0]?.id_tokens?.APKG_ID_TOKEN?.aud === 'string'),
}

function given(job: CiJob | undefined): CiJob {
  if (!job) throw new Error('docs/ci.md does not show the job')
  return job
}

/** The runner issues ID tokens only to jobs that ask for them. */
function withIdToken(job: CiJob | undefined, isRequested: boolean): CiJob {
  if (!isRequested || 'APKG_TOKEN' in (job?.variables ?? {})) throw new Error('the job has no ID token')
  return given(job)
}
