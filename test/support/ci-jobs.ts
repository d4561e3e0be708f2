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

const github = blocks.find((block) => block.jobs)?.jobs.publish
const gitlab = blocks.find((block) => block.publish)?.publish

/** The jobs that docs/ci.md shows, by name. */
export const ciJobs: Readonly<Record<string, CiJob>> = {
  'GitHub Actions': {
    steps: github.steps.flatMap(({run}: {run?: string}) => run ?? []),
    variables: github.env,
  },
  GitLab: {steps: gitlab.script, variables: gitlab.variables},
  'the three lines': {
    steps: (/^```sh\n(.*?)^```$/ms.exec(page)?.[1] ?? '').trim().split('\n').slice(1),
    variables: {APKG_REGISTRY: 'https://registry.example.com'},
  },
}
